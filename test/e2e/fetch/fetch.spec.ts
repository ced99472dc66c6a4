import { afterEach, describe, expect, it } from '@jest/globals';
import { openRevokedShop } from '../../support/revoked-shop.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { closeWitnesses, openWitness } from '../http/witness.js';

type Dispatcher = NonNullable<RequestInit['dispatcher']>;
type DispatchHandler = Parameters<Dispatcher['dispatch']>[1];

const payment = '/payments/payment-1';

const bodiesOf = ({ portone }: Shop): string[] =>
  portone.calls.requests
    .filter(({ endpoint }) => endpoint === 'api')
    .map(({ body }) => body);

/** A dispatcher that answers 401 without a connection. */
const refusing = () =>
  ({
    dispatch: (_: unknown, handler: DispatchHandler) => {
      handler.onConnect?.(() => undefined);
      handler.onHeaders?.(401, [], () => undefined, '');
      handler.onComplete?.([]);
      return true;
    },
  }) as unknown as Dispatcher;

describe('The fetch of PortOne', () => {
  afterEach(async () => {
    closeWitnesses();
    await closeShops();
  });

  it('resolves with a Response of the global fetch', async () => {
    const { fetch, portone } = await openShop();
    const response = await fetch(payment);
    expect(response).toBeInstanceOf(Response);
    expect(response.url).toBe(`${portone.url}${payment}`);
    expect(await response.json()).toMatchObject({ id: 'payment-1' });
  });

  it('accepts a path, a URL and a Request', async () => {
    const { fetch, portone } = await openShop();
    const url = new URL(payment, portone.url);
    for (const input of [payment, url.href, url, new Request(url)])
      expect((await fetch(input)).status).toBe(200);
  });

  it.each([undefined, null, 5, {}])(
    'throws for %j as an address, and sends nothing',
    async (input) => {
      const { fetch, portone } = await openShop();
      portone.resetCalls();
      await expect(fetch(input as unknown as string)).rejects.toThrow(
        'a path, a URL or a Request',
      );
      expect(portone.calls.api).toBe(0);
    },
  );

  it('can be called as a plain function, without `this`', async () => {
    const { fetch } = await openShop();
    const call = fetch;
    expect((await Promise.all([payment].map((url) => call(url))))[0]?.ok).toBe(
      true,
    );
  });

  it('sends the request synchronously when there is a usable token', async () => {
    const { fetch, portone } = await openShop();
    const { fetch: real } = globalThis;
    const sent: unknown[] = [];
    globalThis.fetch = (...given) => {
      sent.push(given[0]);
      return real(...given);
    };
    try {
      const call = fetch(payment);
      expect(sent).toHaveLength(1);
      await call;
    } finally {
      globalThis.fetch = real;
    }
    expect(portone.calls.unauthorized).toBe(0);
  });

  it('replays a Request with a body, and leaves the Request as the global fetch does', async () => {
    const shop = await openRevokedShop();
    const { fetch, portone } = shop;
    const request = new Request(`${portone.url}/echo`, {
      method: 'POST',
      body: '{"amount":1}',
      headers: { 'X-Own': '1' },
    });
    expect((await fetch(request)).status).toBe(200);
    expect(bodiesOf(shop)).toEqual(['{"amount":1}', '{"amount":1}']);
    expect(request.bodyUsed).toBe(true);
    expect([...request.headers.keys()]).toEqual(['content-type', 'x-own']);
    await expect(fetch(request)).rejects.toThrow(/used|unusable/);
    expect(portone.calls.api).toBe(2);
  });

  it('replays a Request whose body is a stream, but not a stream given as `body`', async () => {
    const shop = await openRevokedShop();
    const { fetch, portone } = shop;
    const request = (): [string, RequestInit] => [
      `${portone.url}/echo`,
      { method: 'POST', body: new Blob(['once']).stream(), duplex: 'half' },
    ];
    expect((await fetch(new Request(...request()))).status).toBe(200);
    expect(bodiesOf(shop)).toEqual(['once', 'once']);
    portone.revokeAccessTokens();
    portone.resetCalls();
    expect((await fetch(...request())).status).toBe(401);
    expect(bodiesOf(shop)).toEqual(['once']);
  });

  it('uses the settings of init instead of those of the Request', async () => {
    const shop = await openRevokedShop();
    const request = new Request(`${shop.portone.url}/echo`, {
      method: 'POST',
      body: 'of the request',
    });
    const answer = await shop.fetch(request, {
      method: 'PUT',
      body: 'of init',
      headers: { 'X-Own': '1' },
    });
    expect(await answer.json()).toMatchObject({
      method: 'PUT',
      headers: { 'x-own': '1' },
    });
    expect(bodiesOf(shop)).toEqual(['of init', 'of init']);
  });

  it('sends body and headers as they were at the call, even if the caller changes them later', async () => {
    const shop = await openShop({ options: { eager: false } });
    shop.portone.resetCalls();
    const body = new TextEncoder().encode('before');
    const headers = new Headers({ 'X-Own': 'before' });
    const call = shop.fetch('/echo', { method: 'POST', body, headers });
    body.fill(0);
    headers.set('X-Own', 'after');
    expect(await (await call).json()).toMatchObject({
      headers: { 'x-own': 'before' },
    });
    expect(bodiesOf(shop)).toEqual(['before']);
  });

  it('sends the token also with the mode no-cors', async () => {
    const { fetch } = await openShop();
    expect((await fetch(payment, { mode: 'no-cors' })).status).toBe(200);
  });

  it('sends every attempt through the dispatcher of init or of the Request', async () => {
    const { fetch, portone, tokens } = await openShop();
    portone.resetCalls();
    const init = { dispatcher: refusing() };
    expect((await fetch(payment, init)).status).toBe(401);
    const request = new Request(`${portone.url}${payment}`, init);
    expect((await fetch(request)).status).toBe(401);
    const body = 'x';
    const post = { ...init, method: 'POST', body };
    portone.resetCalls();
    await tokens.renew();
    expect((await fetch(payment, post)).status).toBe(401);
    expect(portone.calls.api).toBe(0);
  });

  it('discards a refused answer of any length', async () => {
    const { fetch, portone } = await openShop();
    const body = { message: 'x'.repeat(4 << 20) };
    portone.fail('api', { kind: 'status', status: 401, body }, { times: 1 });
    const answers: Response[] = [];
    const { fetch: real } = globalThis;
    globalThis.fetch = async (...given) => {
      const answer = await real(...given);
      answers.push(answer);
      return answer;
    };
    try {
      expect((await fetch(payment)).status).toBe(200);
    } finally {
      globalThis.fetch = real;
    }
    expect(answers.map(({ status }) => status)).toEqual([401, 200]);
    expect(answers.map(({ bodyUsed }) => bodyUsed)).toEqual([true, false]);
  });

  it('calls another origin as the global fetch does: redirects, no timeout, no token', async () => {
    const { fetch } = await openShop({ options: { http: { timeout: 1 } } });
    const other = await openWitness((request, response) => {
      if (request.url === '/x') response.writeHead(307, { location: '/y' });
      response.end('{}');
    });
    const response = await fetch(`${other.url}/x`, {
      method: 'POST',
      body: 'b',
    });
    expect([response.status, response.redirected]).toEqual([200, true]);
    expect(other.seen).toMatchObject([
      { path: '/x', body: 'b', authorization: undefined },
      { path: '/y', body: 'b', authorization: undefined },
    ]);
  });

  it.each([undefined, 'follow', 'manual'] as const)(
    'returns a redirect of PortOne and does not follow it (redirect: %s)',
    async (redirect) => {
      const { fetch, portone } = await openShop();
      const evil = await openWitness();
      const location = `${evil.url}/x`;
      portone.fail('api', { kind: 'redirect', location });
      for (const own of [[], [['Authorization', 'Bearer of-my-own']]]) {
        const response = await fetch(payment, {
          redirect,
          headers: own as [string, string][],
        });
        expect(response.status).toBe(307);
        expect(response.headers.get('location')).toBe(location);
      }
      expect(evil.seen).toEqual([]);
    },
  );

  it('rejects when PortOne redirects and the caller set redirect: error', async () => {
    const { fetch, portone } = await openShop();
    portone.fail('api', { kind: 'redirect', location: '/echo' });
    await expect(fetch(payment, { redirect: 'error' })).rejects.toThrow(
      'fetch failed',
    );
  });
});
