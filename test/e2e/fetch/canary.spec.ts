import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AnswerFault } from '../../../lib/testing/index.js';
import { errorOf } from '../../support/error-of.js';
import { everyText } from '../../support/every-text.js';
import { polluted } from '../../support/polluted.js';
import { reachableTexts } from '../../support/reachable-texts.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { closeWitnesses, openWitness } from '../http/witness.js';

const payment = '/payments/payment-1';

/** Whether a value leads to a token that was sent, to its last characters, or to the secret. */
function leads(value: unknown, { portone, tokens }: Shop): boolean {
  const sent = portone.calls.requests.flatMap(({ headers }) =>
    (headers.authorization ?? '').split(' ').slice(1),
  );
  const canaries = [...sent, tokens.peekAccessToken() ?? [], portone.apiSecret]
    .flat()
    .flatMap((canary) => [canary, canary.slice(-40)]);
  const shown = [everyText(value), ...reachableTexts(value)].join('\n');
  return canaries.some((canary) => shown.includes(canary));
}

describe('The fetch of PortOne', () => {
  afterEach(async () => {
    closeWitnesses();
    await closeShops();
  });

  it('is checked by a function that finds a token', async () => {
    const shop = await openShop();
    const Authorization = `Bearer ${await shop.tokens.getAccessToken()}`;
    const request = new Request(shop.portone.url, {
      headers: { Authorization },
    });
    expect(leads({ deep: [request] }, shop)).toBe(true);
  });

  it('sends no token to another origin when a Request shows a false `url`', async () => {
    const shop = await openShop();
    const other = await openWitness();
    class Disguised extends Request {}
    Object.defineProperty(Disguised.prototype, 'url', {
      get: () => `${shop.portone.url}${payment}`,
    });
    const changed = new Request(other.url);
    Object.defineProperty(changed, 'url', { value: shop.portone.url });
    for (const request of [new Disguised(other.url), changed])
      expect((await shop.fetch(request)).status).toBe(200);
    expect(other.seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('rejects with an error that does not lead to the token, even if a dispatcher put the request on it', async () => {
    const shop = await openShop();
    const dispatcher = {
      dispatch: (options: object, handler: { onError(e: Error): void }) => {
        const inner = Object.assign(new Error('no socket'), { options });
        const errors = [inner, new Error('no address')];
        const cause = new AggregateError(errors, 'no way out');
        handler.onError(
          Object.assign(new Error('no pool', { cause }), {
            options,
            code: 'UND_ERR_POOL',
          }),
        );
        return false;
      },
    };
    const error = await errorOf(
      shop.fetch(payment, { dispatcher } as unknown as RequestInit),
    );
    expect(error).toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: {
        message: 'no pool',
        code: 'UND_ERR_POOL',
        cause: {
          errors: [{ message: 'no socket' }, { message: 'no address' }],
        },
      },
    });
    expect(leads(error, shop)).toBe(false);
  });

  it('rejects with a DOMException, or with what is no error, as fetch does', async () => {
    const shop = await openShop();
    const { fetch } = globalThis;
    const rejectedWith = async (make: (sent: unknown) => unknown) => {
      globalThis.fetch = (sent) => Promise.reject(make(sent));
      return errorOf(shop.fetch(payment)).finally(() => {
        globalThis.fetch = fetch;
      });
    };
    const aborted = await rejectedWith((sent) => {
      const made = new DOMException('This operation was aborted', 'AbortError');
      return Object.assign(made, { cause: new Error('407'), sent });
    });
    expect(aborted).toBeInstanceOf(DOMException);
    const { name, message, cause } = aborted as DOMException;
    expect([name, message, String(cause)]).toEqual([
      'AbortError',
      'This operation was aborted',
      'Error: 407',
    ]);
    expect(leads(aborted, shop)).toBe(false);
    const odd = await rejectedWith((sent) => ({ code: 'ODD', sent }));
    expect(odd).toEqual({ code: 'ODD' });
    expect(await rejectedWith(() => 'a text')).toBe('a text');
  });

  it('leaves no token on the answer, its body, its copy and the given request', async () => {
    const shop = await openShop();
    for (const isRevoked of [false, true]) {
      if (isRevoked) shop.portone.revokeAccessTokens();
      const init = { headers: new Headers(), signal: AbortSignal.timeout(9e3) };
      const request = new Request(`${shop.portone.url}${payment}`, init);
      const response = await shop.fetch(request, init);
      const copy = response.clone();
      const { body } = response;
      for (const value of [response, copy, body, request, init])
        expect(leads(value, shop)).toBe(false);
      await response.text();
      expect(leads(response, shop)).toBe(false);
    }
    expect(leads(shop.fetch, shop)).toBe(false);
  });

  const faults: AnswerFault[] = [
    { kind: 'status', status: 401 },
    { kind: 'reset-before-answer' },
    { kind: 'reset-mid-answer' },
    { kind: 'truncated' },
    { kind: 'garbage' },
  ];
  it.each(faults.map((fault) => [inspect(fault), fault] as const))(
    'leaves no token on the answer or error after %s',
    async (_, fault) => {
      const shop = await openShop();
      shop.portone.fail('api', fault);
      const end = await shop
        .fetch(payment)
        .then(async (response) => [response, await response.text()])
        .catch((error: unknown) => error);
      expect(leads(end, shop)).toBe(false);
    },
  );

  it('leaves no token on the error of a timeout or an abort, nor on the signal', async () => {
    const shop = await openShop({ options: { http: { timeout: 50 } } });
    shop.portone.fail('api', { kind: 'hang' });
    const controller = new AbortController();
    const { signal } = controller;
    const late = errorOf(shop.fetch(payment));
    const aborted = errorOf(shop.fetch(payment, { signal }));
    await until(() => shop.portone.calls.api === 2);
    expect(leads(signal, shop)).toBe(false);
    controller.abort();
    await shop.time.advance(50);
    for (const end of [late, aborted])
      expect(leads(await end, shop)).toBe(false);
  });

  it.each<[string, (evil: string) => unknown]>([
    ['baseURL', (evil) => evil],
    ['url', (evil) => evil],
    ['href', (evil) => evil],
    ['origin', (evil) => evil],
    ['redirect', () => 'follow'],
    ['referrer', (evil) => evil],
    ['timeout', () => 1],
  ])(
    'calls the same server when Object.prototype has a %s',
    async (name, value) => {
      const { fetch, portone } = await openShop();
      const evil = await openWitness();
      const statuses = await polluted({ [name]: value(evil.url) }, async () => {
        const own = await fetch('/echo', { method: 'POST', body: 'x' });
        const foreign = await fetch(`${evil.url}/x`, {});
        portone.fail('api', { kind: 'redirect', location: evil.url });
        return [own, foreign, await fetch('/echo')].map(({ status }) => status);
      });
      expect(statuses).toEqual([200, 200, 307]);
      expect(evil.seen).toMatchObject([
        { path: '/x', authorization: undefined },
      ]);
    },
  );
});
