import { afterEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, map } from 'rxjs';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { asRequest, requestNow } from './requests.js';

const payment = '/payments/payment-1';

/** Ways to wait for a token. Each resolves with the request in which the code goes on after the wait. */
const WAYS: [string, (shop: Shop) => Promise<string | undefined>][] = [
  [
    'getAccessToken()',
    ({ tokens }) => tokens.getAccessToken().then(requestNow),
  ],
  ['getClaims()', ({ tokens }) => tokens.getClaims().then(requestNow)],
  ['renew()', ({ tokens }) => tokens.renew().then(requestNow)],
  [
    'getAccessToken() with a signal',
    async ({ tokens }) => {
      await tokens.getAccessToken({ signal: new AbortController().signal });
      return requestNow();
    },
  ],
  ['axios', ({ http }) => http.axiosRef.get(payment).then(requestNow)],
  [
    'an observable',
    ({ http }) => firstValueFrom(http.get(payment).pipe(map(requestNow))),
  ],
  ['fetch', ({ fetch }) => fetch(payment).then(requestNow)],
];

describe('A caller that waits for a renewal', () => {
  afterEach(closeShops);

  it.each(WAYS)('goes on in its own request: %s', async (_, ask) => {
    const shop = await openShop({ options: { eager: false } });
    const requests = ['A', 'B', 'C'];
    expect(
      await Promise.all(requests.map((id) => asRequest(id, () => ask(shop)))),
    ).toEqual(requests);
    expect(shop.portone.calls.login).toBe(1);
  });

  it.each(WAYS)('fails in its own request: %s', async (_, ask) => {
    const shop = await openShop({ options: { eager: false } });
    shop.portone.fail('tokens', { kind: 'status', status: 503 });
    const requests = ['A', 'B', 'C'];
    const failed = (id: string) =>
      asRequest(id, () => ask(shop).catch(requestNow));
    expect(await Promise.all(requests.map(failed))).toEqual(requests);
  });

  it('is replayed after a 401 in its own request, interceptors included', async () => {
    const { http, portone, tokens } = await openShop();
    const seen: string[] = [];
    http.axiosRef.interceptors.response.use((response) => {
      seen.push(`${response.config.params.id} in ${requestNow()}`);
      return response;
    });
    portone.revokeAccessTokens();
    const ids = ['A', 'B', 'C'];
    await Promise.all(
      ids.map((id) =>
        asRequest(id, () => http.axiosRef.get(payment, { params: { id } })),
      ),
    );
    expect(seen.sort()).toEqual(['A in A', 'B in B', 'C in C']);
    expect(tokens.snapshot()).toMatchObject({ healed: 3, waiting: 0 });
  });

  it('ends its wait in its own request when it is aborted', async () => {
    const { tokens, portone } = await openShop({ options: { eager: false } });
    portone.fail('tokens', { kind: 'hang' });
    const controller = new AbortController();
    const { signal } = controller;
    const left = asRequest('A', () =>
      tokens.getAccessToken({ signal }).catch(requestNow),
    );
    const stays = asRequest('B', () =>
      tokens.getAccessToken().catch(requestNow),
    );
    await until(() => portone.calls.login === 1);
    asRequest('C', () => controller.abort());
    expect(await left).toBe('A');
    expect(tokens.snapshot().waiting).toBe(1);
    void stays;
  });
});
