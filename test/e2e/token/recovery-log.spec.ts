import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../lib/testing/index.js';
import { LogBook } from '../../support/log-book.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import { closeShops, openShop } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

/** The lines of this package above debug: level, text and context. */
const linesOf = (log: LogBook): string[] =>
  log.lines
    .filter(({ level }) => level !== 'debug')
    .map(({ level, text }) => `${level} ${text}`)
    .filter((line) => line.includes('PortOneAuth'));

describe('The log shows the beginning and the end of a failure:', () => {
  afterEach(closeShops);

  it.each<[string, Fault, string]>([
    [
      'no connection',
      { kind: 'reset-before-answer' },
      'failed with ECONNRESET (PORTONE_TOKEN_NETWORK)',
    ],
    [
      '503',
      { kind: 'status', status: 503 },
      'was answered with status 503 (PORTONE_TOKEN_STATUS)',
    ],
    [
      'no answer',
      { kind: 'hang' },
      'did not answer within 10000 ms (PORTONE_TOKEN_TIMEOUT)',
    ],
    ['an HTML page', { kind: 'html' }, '(PORTONE_TOKEN_RESPONSE_INVALID)'],
  ])('token calls with %s', async (_, fault, cause) => {
    const logger = new LogBook();
    const { portone, tokens, time } = await openShop({ logger });
    const failures = () => tokens.snapshot().consecutiveFailures;
    portone.fail('tokens', fault);
    for (const count of [1, 2]) {
      const calls = portone.calls.tokens;
      await time.advance(tokens.snapshot().renewsInMs!);
      await until(() => portone.calls.tokens > calls);
      if (fault.kind === 'hang') await time.advance(10_000);
      await until(() => failures() === count);
    }
    portone.heal('tokens');
    await time.advance(tokens.snapshot().renewsInMs!);
    await until(() => failures() === 0);
    const { host } = new URL(portone.url);
    expect(linesOf(logger)).toEqual([
      expect.stringMatching(/^warn .* PortOneAuth:default$/),
      expect.stringMatching(/^warn .* PortOneAuth:default$/),
      'log Renewals work again after 2 failures in a row. PortOneAuth:default',
    ]);
    for (const words of [host, cause])
      expect(logger.saying(words, 'warn')).toHaveLength(2);
    expect(JSON.stringify(logger.lines)).not.toContain(portone.apiSecret);
  });

  it('a store that is down', async () => {
    const logger = new LogBook();
    const time = new VirtualTime();
    const store = new SharedMemoryStore(time);
    const { tokens } = await openShop({ logger, time, options: { store } });
    const update = store.update.bind(store);
    for (const isDown of [true, true, false, false]) {
      store.update = isDown
        ? () => Promise.reject(new Error('down'))
        : (...asked) => update(...asked);
      await time.advance(1_000);
      await tokens.renew();
    }
    expect(linesOf(logger)).toEqual([
      expect.stringMatching(
        /^warn The token is not shared: .* PortOneAuth:default$/,
      ),
      'log The token store can be reached again: the token is shared. PortOneAuth:default',
    ]);
  });
});
