import { afterEach, describe, expect, it } from '@jest/globals';
import type { AuthModuleOptions } from '../../../lib/index.js';
import { closeShops, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { asRequest, forgottenRequest } from './requests.js';
import { openWitnessed, type WitnessedShop } from './witnessed-shop.js';

const payment = '/payments/payment-1';
const LIFE_MS = 1_800_000;

const call = ({ http }: Shop) => http.axiosRef.get(payment);
const failing = (shop: Shop) => call(shop).catch(() => undefined);

const down = { kind: 'status', status: 503 } as const;
const hang = { kind: 'hang' } as const;

/** What a request does, and the parts of the package that run because of it. */
const SITUATIONS: [
  string,
  {
    readonly options?: Partial<AuthModuleOptions>;
    readonly before?: (shop: WitnessedShop) => unknown;
    readonly request: (shop: WitnessedShop) => unknown;
    readonly runs: readonly string[];
  },
][] = [
  [
    'the first call of a lazy app',
    {
      request: call,
      runs: ['acquired', 'apiSecret', 'debug', 'store.update', 'token call'],
    },
  ],
  [
    'the first call by fetch',
    { request: ({ fetch }) => fetch(payment), runs: ['token call'] },
  ],
  [
    'two calls that share one renewal',
    {
      request: (shop) =>
        Promise.all([call(shop), asRequest('B', () => call(shop))]),
      runs: ['acquired', 'token call'],
    },
  ],
  [
    'a call whose 401 is healed',
    {
      before: call,
      request: (shop) => {
        shop.portone.revokeAccessTokens();
        return call(shop);
      },
      runs: ['apiSecret', 'renewed', 'replayed', 'store.update', 'token call'],
    },
  ],
  [
    'a call that finds a stale token and no schedule',
    {
      options: { renewal: { background: false } },
      before: async (shop) => {
        await call(shop);
        await shop.time.advance(0.9 * LIFE_MS);
      },
      request: call,
      runs: ['apiSecret', 'renewed', 'token call'],
    },
  ],
  [
    'renew()',
    { request: ({ tokens }) => tokens.renew(), runs: ['token call'] },
  ],
  [
    'invalidate()',
    {
      before: call,
      request: ({ tokens }) => tokens.invalidate(tokens.peekAccessToken()!),
      runs: ['invalidated', 'apiSecret', 'renewed', 'token call'],
    },
  ],
  [
    'a call whose token call fails',
    {
      before: ({ portone }) => portone.fail('tokens', down, { times: 1 }),
      request: failing,
      runs: ['renewal-failed', 'warn', 'token call'],
    },
  ],
  [
    'a call that ends an outage',
    {
      before: async (shop) => {
        shop.portone.fail('tokens', down, { times: 1 });
        await failing(shop);
        await shop.time.advance(60_000, () => until(() => !!shop));
      },
      request: call,
      runs: ['acquired', 'log', 'token call'],
    },
  ],
  [
    'a call whose replay is refused too, and a call that reads the store',
    {
      before: async (shop) => {
        await call(shop);
        shop.portone.fail('GET /payments/:id', { kind: 'status', status: 401 });
      },
      request: async (shop) => {
        await failing(shop);
        await failing(shop);
      },
      runs: ['renewals-paused', 'replayed', 'store.load', 'warn'],
    },
  ],
  [
    'a call that abandons an overdue renewal after a suspend',
    {
      before: async (shop) => {
        const { portone, tokens, time } = shop;
        portone.fail('tokens', hang, { times: 1 });
        void tokens.getAccessToken().catch(() => undefined);
        await until(() => portone.calls.login === 1);
        time.skewWallClock(3_600_000);
      },
      request: call,
      runs: ['store aborted', 'apiSecret', 'acquired', 'token call'],
    },
  ],
  [
    'the close of the app during a renewal',
    {
      before: async (shop) => {
        const { portone, tokens } = shop;
        portone.fail('tokens', hang);
        void tokens.getAccessToken().catch(() => undefined);
        await until(() => portone.calls.login === 1);
      },
      request: ({ module }) => module.close(),
      runs: ['store aborted', 'completed'],
    },
  ],
];

describe('Shared work that a request starts runs outside of that request', () => {
  afterEach(closeShops);

  it.each(SITUATIONS)('%s', async (_, { options, before, request, runs }) => {
    const shop = await openWitnessed(options);
    await before?.(shop);
    shop.witness.forget();
    await asRequest('A', () => request(shop));
    await until(() => runs.every((part) => shop.witness.parts.includes(part)));
    expect(shop.witness.inRequests).toEqual([]);
  });

  it.each([
    ['the first call', () => undefined],
    ['a healed 401', ({ portone }: Shop) => portone.revokeAccessTokens()],
    [
      'a failed token call',
      ({ portone, tokens }: Shop) => {
        portone.fail('tokens', { kind: 'status', status: 503 }, { times: 1 });
        tokens.invalidate(tokens.peekAccessToken()!);
      },
    ],
  ])(
    'and so do later renewals, which keep nothing of the request in memory, after %s',
    async (_, trouble) => {
      const shop = await openWitnessed();
      const { time, portone, witness, tokens } = shop;
      const isCold = trouble.length === 0;
      if (!isCold) await call(shop);
      const store = await forgottenRequest(async () => {
        trouble(shop);
        await call(shop);
      });
      await until(() => tokens.snapshot().renewsInMs !== undefined);
      portone.resetCalls();
      witness.forget();
      while (portone.calls.tokens < 3) await shop.advance(60_000);
      expect(witness.parts).toEqual(
        expect.arrayContaining(['renewed', 'store.update', 'token call']),
      );
      expect(witness.inRequests).toEqual([]);
      await collected(store);
      expect(time.nextDueIn).toBeDefined();
    },
  );

  it('and its timer keeps nothing of the request in memory', async () => {
    // With a shared store, the store would be read and the timer set again.
    const shop = await openWitnessed({ store: undefined });
    const { time, portone, tokens } = shop;
    await call(shop);
    portone.fail('tokens', { kind: 'status', status: 503, retryAfter: 100 });
    await tokens.renew().catch(() => undefined);
    const store = await forgottenRequest(async () =>
      tokens.invalidate(tokens.peekAccessToken()!),
    );
    expect(time.nextDueIn).toBeGreaterThan(0);
    await collected(store);
  });
});

const collected = (store: WeakRef<object>) =>
  until(() => {
    global.gc!();
    return store.deref() === undefined;
  });
