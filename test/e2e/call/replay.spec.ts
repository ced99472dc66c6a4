import { afterEach, describe, expect, it } from '@jest/globals';
import { TokenUnavailableError } from '../../../lib/index.js';
import type { RecordedCall } from '../../../lib/testing/index.js';
import { apiCallsOf, openRevokedShop } from '../../support/revoked-shop.js';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { ONCE, REPLAYED } from './body-table.js';
import { transports } from './transports.js';

const payment = '/payments/payment-1';

describe.each(transports)('A refused request of %s', (_, transport) => {
  afterEach(closeShops);

  it.each([20, 2000])(
    'is replayed: a token revoked during %i calls causes one token call and no failed call',
    async (calls) => {
      const shop = await openRevokedShop(transport.options());
      const { portone } = shop;
      let n = 0;
      portone.delay('api', () => ((n++ % 20) * 380) / 19);
      portone.delay('tokens', 50);
      const answers = await Promise.all(
        Array.from({ length: calls }, () => transport.send(shop, payment)),
      );
      expect(answers.filter((status) => status === 200)).toHaveLength(calls);
      expect(portone.calls.tokens).toBe(1);
      expect(portone.calls.api).toBe(2 * calls);
      expect(portone.calls.unauthorized).toBe(calls);
    },
    60_000,
  );

  it.each(REPLAYED)(
    'sends the body again with the same headers and another token: %s',
    async (__, body) => {
      const shop = await openRevokedShop();
      const status = await transport.send(shop, '/echo', {
        method: 'POST',
        body: body(),
        headers: { 'Idempotency-Key': '"0123456789abcdef"', 'X-Own': '1' },
      });
      expect(status).toBe(200);
      const [first, second, ...more] = apiCallsOf(shop);
      expect(more).toEqual([]);
      expect(partsOf(second!)).toEqual(partsOf(first!));
      const { authorization: refused, ...headers } = first!.headers;
      expect(headers).toMatchObject({
        'idempotency-key': '"0123456789abcdef"',
        'x-own': '1',
      });
      expect({ ...second!.headers, 'content-type': '' }).toMatchObject({
        ...headers,
        'content-type': '',
      });
      expect(second!.headers.authorization).toMatch(/^Bearer ey/);
      expect(second!.headers.authorization).not.toBe(refused);
    },
  );

  it.each(ONCE)(
    'is not replayed with %s as its body; the token is renewed for the next request',
    async (__, body) => {
      const shop = await openRevokedShop();
      const { portone, tokens } = shop;
      const revoked = tokens.peekAccessToken();
      expect(
        await transport.send(shop, '/echo', { method: 'POST', body: body() }),
      ).toBe(401);
      await until(() => tokens.peekAccessToken() !== revoked);
      expect(await transport.send(shop, payment)).toBe(200);
      expect(portone.calls.tokens).toBe(1);
      expect(portone.calls.api).toBe(2);
    },
  );

  it('is sent at most twice when every token is refused, and renewals pause', async () => {
    const shop = await openShop();
    const { portone } = shop;
    portone.fail('api', { kind: 'status', status: 401 });
    portone.resetCalls();
    for (let call = 0; call < 10; call += 1) {
      const before = portone.calls.api;
      expect(await transport.send(shop, payment)).toBe(401);
      expect(portone.calls.api - before).toBe(call === 0 ? 2 : 1);
    }
    expect(portone.calls.tokens).toBe(1);
    portone.heal();
    expect(await transport.send(shop, payment)).toBe(200);
    expect(portone.calls.tokens).toBe(1);
  });

  it('heals during a pause that another endpoint has caused', async () => {
    const shop = await openShop();
    const { portone, tokens } = shop;
    const odd = '/payments/odd?a=';
    portone.fail('/payments/odd', { kind: 'status', status: 401 });
    for (const query of [1, 2])
      expect(await transport.send(shop, `${odd}${query}`)).toBe(401);
    expect(tokens.snapshot().pausedForMs).toBeGreaterThan(0);
    expect(await transport.send(shop, payment)).toBe(200);
    portone.resetCalls();
    portone.revokeAccessTokens();
    expect(await transport.send(shop, `${odd}3`)).toBe(401);
    expect(portone.calls.tokens).toBe(0);
    expect(await transport.send(shop, payment)).toBe(200);
    expect(portone.calls.tokens).toBe(1);
  });

  it('is not replayed after a 403, and no renewal starts', async () => {
    const shop = await openShop();
    const { portone } = shop;
    portone.resetCalls();
    portone.fail('api', { kind: 'status', status: 403 });
    expect(await transport.send(shop, payment)).toBe(403);
    expect(portone.calls).toMatchObject({ tokens: 0, api: 1 });
  });

  it('rejects with a typed error, a new one for each call, when the renewal fails', async () => {
    const shop = await openShop();
    const { portone } = shop;
    portone.fail('tokens', { kind: 'status', status: 503 });
    portone.fail('api', { kind: 'status', status: 401 }, { times: 2 });
    const errors = await Promise.all(
      [1, 2].map(() =>
        transport.send(shop, payment).catch((error: unknown) => error),
      ),
    );
    for (const error of errors)
      expect(error).toBeInstanceOf(TokenUnavailableError);
    expect(errors[0]).not.toBe(errors[1]);
    expect(await transport.send(shop, payment)).toBe(200);
  });

  it('is not sent when there is no token', async () => {
    const shop = await openShop({ options: { eager: false } });
    const { portone } = shop;
    portone.fail('tokens', { kind: 'status', status: 503 });
    await expect(transport.send(shop, payment)).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
    expect(portone.calls.api).toBe(0);
  });
});

/** Body and type, without the boundary: axios makes a new one each time it sends a form. */
function partsOf({ body, headers }: RecordedCall): object {
  const type = headers['content-type'];
  const [, boundary] = /boundary=(.+)$/.exec(type ?? '') ?? [];
  return boundary
    ? { body: body.replaceAll(boundary, ''), type: type?.replace(boundary, '') }
    : { body, type };
}
