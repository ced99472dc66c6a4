import { afterEach, describe, expect, it } from '@jest/globals';
import { NO_TELEMETRY } from '../../../lib/token/report/telemetry.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

/** Numbers that are not whole. Without `at`: that is the wall clock, which is whole on a real machine. */
const fractionsIn = (facts: object) =>
  Object.entries(facts).filter(
    ([key, value]) =>
      typeof value === 'number' && key !== 'at' && !Number.isSafeInteger(value),
  );

/** An app whose clocks never show whole milliseconds, and the events of the app. */
async function openFractional(eager = true) {
  const time = new VirtualTime(Date.UTC(2026, 0, 1) + 0.3);
  await time.advance(0.123);
  const portone = await openEmulator({ clock: time.trueTime });
  const events: object[] = [];
  const telemetry = {
    client: () => ({
      ...NO_TELEMETRY,
      observe: (events$: {
        subscribe(next: (it: object) => void): unknown;
      }) => {
        events$.subscribe((event) => events.push(event));
      },
    }),
  };
  const shop = await openShop({
    portone,
    time,
    random: () => 1 / 3,
    options: {
      eager,
      telemetry,
      store: new SharedMemoryStore(time),
      apiSecret: () => portone.apiSecret,
      renewal: { background: false },
    },
  });
  return { ...shop, events };
}

type Fractional = Awaited<ReturnType<typeof openFractional>>;

const down = { kind: 'status', status: 503 } as const;

const states: [string, (shop: Fractional) => unknown, object][] = [
  ['with a fresh token', ({ time }) => time.advance(1.7), { state: 'fresh' }],
  [
    'with a stale token',
    ({ time }) => time.advance(1_700_000.7),
    { state: 'stale' },
  ],
  [
    'with an expired token',
    ({ time }) => time.advance(1_800_000.7),
    { state: 'expired' },
  ],
  [
    'after failed renewals',
    async ({ portone, tokens, time }) => {
      portone.fail('tokens', down);
      for (let count = 0; count < 3; count += 1) {
        await tokens.renew().catch(() => undefined);
        await time.advance(700.7);
      }
    },
    { lastErrorCode: 'PORTONE_TOKEN_STATUS' },
  ],
  [
    'during a Retry-After',
    async ({ portone, tokens, time }) => {
      portone.fail('tokens', { ...down, retryAfter: 7 });
      await tokens.renew().catch(() => undefined);
      await time.advance(0.7);
    },
    { renewsInMs: 7_000 },
  ],
  [
    'with a rejected secret',
    async ({ portone, tokens, time }) => {
      const body = { type: 'UNAUTHORIZED' };
      portone.fail('tokens', { kind: 'status', status: 401, body });
      await tokens.renew().catch(() => undefined);
      await time.advance(0.7);
    },
    { state: 'rejected' },
  ],
  [
    'in a pause',
    async ({ portone, http, time }) => {
      portone.fail('api', { kind: 'status', status: 401 });
      await http.axiosRef.get(payment).catch(() => undefined);
      await time.advance(0.7);
    },
    { unhealed: 1, pausedForMs: expect.any(Number) },
  ],
  [
    'with a caller that waits',
    async ({ portone, tokens }) => {
      portone.fail('tokens', { kind: 'hang' });
      tokens.renew().catch(() => undefined);
      await until(() => portone.calls.tokens === 2);
    },
    { waiting: 1 },
  ],
];

describe('All numbers of a snapshot, of events and of errors are whole', () => {
  afterEach(closeShops);

  it('before the first token', async () => {
    const { tokens } = await openFractional(false);
    expect(tokens.snapshot().state).toBe('empty');
    expect(fractionsIn(tokens.snapshot())).toEqual([]);
  });

  it.each(states)('%s', async (_, reach, state) => {
    const shop = await openFractional();
    await reach(shop);
    const snapshot = shop.tokens.snapshot();
    expect(snapshot).toMatchObject(state);
    expect(fractionsIn(snapshot)).toEqual([]);
    expect(shop.events.flatMap(fractionsIn)).toEqual([]);
    const error = shop.tokens.renew().catch((reason: object) => reason);
    await shop.time.advance(10_000);
    expect(fractionsIn((await error) ?? {})).toEqual([]);
  });
});
