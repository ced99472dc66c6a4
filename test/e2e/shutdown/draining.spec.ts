import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import {
  PortOneHttpService,
  TokenUnavailableError,
} from '../../../lib/index.js';
import { deferred } from '../../support/promises.js';
import { until } from '../../support/virtual-time.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  type Platform,
} from '../permission/guarded-app.js';

const LIFE_MS = 1_800_000;

let gate = deferred();

/** Waits until the gate opens, then calls PortOne and answers with its status. */
@Controller()
class Orders {
  isAsked = false;

  constructor(private readonly http: PortOneHttpService) {}

  @Get('orders')
  async list(): Promise<string> {
    this.isAsked = true;
    await gate.promise;
    const { status } = await this.http.axiosRef.get('/payments/payment-1');
    return `PortOne said ${status}`;
  }
}

@Injectable()
class Closing implements BeforeApplicationShutdown {
  hasBegun = false;

  beforeApplicationShutdown(): void {
    this.hasBegun = true;
  }
}

describe.each(platforms)(
  'An app on %s that is being closed',
  (platform: Platform) => {
    afterEach(() => {
      gate.resolve();
      return closeGuardedApps();
    });

    /** An app that is being closed while a request waits in a handler. */
    async function openDraining(options = {}) {
      gate = deferred();
      const opened = await openGuardedApp({
        platform,
        controllers: [Orders],
        providers: [Closing],
        options,
      });
      const answer = fetch(`${opened.url}/orders`, {
        headers: { Connection: 'close' },
      }).then((response) => response.text());
      const orders = opened.app.get(Orders);
      await until(() => orders.isAsked);
      const close = async () => {
        const closed = opened.app.close();
        const closing = opened.app.get(Closing);
        await until(() => closing.hasBegun);
        return { closed };
      };
      return { ...opened, answer, close };
    }

    it.each([
      ['the first token', { eager: false }, () => undefined],
      [
        'a token in place of one that has expired',
        {},
        ({ time }: Awaited<ReturnType<typeof openDraining>>) =>
          time.advance(LIFE_MS),
      ],
      [
        'a token in place of one that PortOne refuses',
        {},
        ({ portone }: Awaited<ReturnType<typeof openDraining>>) =>
          portone.revokeAccessTokens(),
      ],
    ])('gives %s to a request that Nest drains', async (_, options, need) => {
      const draining = await openDraining(options);
      const { closed } = await draining.close();
      await need(draining);
      gate.resolve();
      expect(await draining.answer).toBe('PortOne said 200');
      await closed;
    });

    it('makes no scheduled renewal while requests are drained', async () => {
      const { portone, time, close, answer } = await openDraining();
      const { closed } = await close();
      portone.resetCalls();
      await time.advance(0.9 * LIFE_MS);
      expect([portone.calls.tokens, time.nextDueIn]).toEqual([0, undefined]);
      gate.resolve();
      expect(await answer).toBe('PortOne said 200');
      await closed;
      expect(portone.calls.tokens).toBe(0);
    });

    it('waits until a background renewal has ended', async () => {
      const { portone, time, tokens, events, close, answer } =
        await openDraining();
      portone.fail('tokens', { kind: 'delay', ms: 200 });
      await time.advance(tokens.snapshot().renewsInMs! + 1);
      await until(() => portone.calls.refresh === 1);
      const { closed } = await close();
      expect(events.map(({ type }) => type)).toEqual(['acquired', 'renewed']);
      expect(tokens.snapshot()).toMatchObject({ state: 'fresh', waiting: 0 });
      gate.resolve();
      expect(await answer).toBe('PortOne said 200');
      await closed;
    });

    it('ends a background renewal that does not end in time, and renews for a request that it drains', async () => {
      const { portone, tokens, log, events, close, answer } =
        await openDraining({ eager: false });
      portone.fail('tokens', { kind: 'hang' });
      const controller = new AbortController();
      const abandoned = tokens
        .getAccessToken({ signal: controller.signal })
        .catch(() => 'gave up');
      await until(() => portone.calls.login === 1);
      controller.abort();
      expect(await abandoned).toBe('gave up');
      const { closed } = await close();
      portone.heal();
      gate.resolve();
      expect(await answer).toBe('PortOne said 200');
      await closed;
      expect(events.map(({ type }) => type)).toEqual(['acquired']);
      expect(log.lines.join()).not.toContain('next attempt');
    });

    it('gives a typed error without a next attempt afterwards', async () => {
      const { tokens, answer, close, time } = await openDraining();
      const { closed } = await close();
      gate.resolve();
      await answer;
      await closed;
      await time.advance(LIFE_MS);
      for (const ask of [tokens.getAccessToken(), tokens.renew()]) {
        const error: unknown = await ask.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(TokenUnavailableError);
        expect(String(error)).toContain('the module is shutting down');
        expect(String(error)).not.toContain('next attempt');
      }
    });
  },
);
