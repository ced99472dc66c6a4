import { afterEach, describe, expect, it } from '@jest/globals';
import type { AuthModuleOptions, TokenEvent } from '../../../lib/index.js';
import {
  NO_TELEMETRY,
  type ClientTelemetry,
} from '../../../lib/token/report/telemetry.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import {
  closeShops,
  openEmulator,
  openShop,
  type Shop,
} from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';
const LIFETIME_MS = 1_800_000;

/** Opens an app and collects its events of renewals, from the boot on. */
async function openWatched(given: Parameters<typeof openShop>[0] = {}) {
  const renewals: TokenEvent[] = [];
  const observe: ClientTelemetry['observe'] = (events$) => {
    events$.subscribe((event) => {
      if ('cause' in event) renewals.push(event);
    });
  };
  const telemetry = { client: () => ({ ...NO_TELEMETRY, observe }) };
  const shop = await openShop({
    ...given,
    options: { telemetry, ...given.options },
  });
  return { ...shop, renewals };
}

type Watched = Awaited<ReturnType<typeof openWatched>>;

/** A PortOne that takes 250.25 ms of virtual time for each token call. */
async function openPortOne() {
  const time = new VirtualTime();
  const portone = await openEmulator({ clock: time.trueTime });
  portone.delay('tokens', () => {
    void time.advance(250.25);
    return 0;
  });
  return { time, portone };
}

/** The event of the renewal that `begin` causes. */
async function factsOf(
  { renewals, ...shop }: Watched,
  begin: (shop: Shop) => unknown,
): Promise<object> {
  const before = renewals.length;
  await begin(shop);
  await until(() => renewals.length > before);
  expect(renewals).toHaveLength(before + 1);
  return renewals.at(-1)!;
}

const healed = async ({ http }: Shop) => {
  expect((await http.axiosRef.get(payment)).status).toBe(200);
};

const refused = (shop: Shop) => {
  shop.portone.revokeAccessTokens();
  return healed(shop);
};

/** Advances the time until the schedule renews the token, or tries to. */
const untilRenewal = ({ advance, tokens }: Shop) =>
  advance(tokens.snapshot().renewsInMs!);

const hasSettled = (tokens: Shop['tokens']): boolean =>
  tokens.snapshot().renewsInMs !== undefined;

const rejection = { status: 401, body: { type: 'UNAUTHORIZED' } };

const waysToRenew: [
  string,
  (shop: Shop) => unknown,
  string,
  string,
  Partial<AuthModuleOptions>?,
][] = [
  ['by the schedule', untilRenewal, 'planned', 'refresh'],
  [
    'by the schedule, by login',
    untilRenewal,
    'planned',
    'login',
    { renewal: { strategy: 'login' } },
  ],
  [
    'by a call that finds the token stale',
    async (shop) => {
      await shop.time.advance(LIFETIME_MS * 0.95);
      await healed(shop);
    },
    'planned',
    'refresh',
    { renewal: { background: false } },
  ],
  [
    'by a call that finds the token expired',
    async (shop) => {
      await shop.time.advance(LIFETIME_MS);
      await healed(shop);
    },
    'cold',
    'refresh',
    { renewal: { background: false } },
  ],
  ['by a 401', refused, 'forced', 'refresh'],
  ['by renew()', ({ tokens }) => tokens.renew(), 'forced', 'refresh'],
  [
    'by invalidate()',
    ({ tokens }) => tokens.invalidate(tokens.peekAccessToken()!),
    'forced',
    'refresh',
  ],
];

describe('The event of a renewal holds cause, method and duration:', () => {
  afterEach(closeShops);

  it.each([
    ['at boot', true],
    ['by the first call', false],
  ])('the first login %s', async (_, eager) => {
    const world = await openPortOne();
    const shop = await openWatched({ ...world, options: { eager } });
    if (!eager) await shop.tokens.getAccessToken();
    expect(shop.renewals).toMatchObject([
      { type: 'acquired', cause: 'cold', method: 'login', durationMs: 251 },
    ]);
  });

  it.each(waysToRenew)(
    'a renewal %s',
    async (_, begin, cause, method, options = {}) => {
      const shop = await openWatched({ ...(await openPortOne()), options });
      expect(await factsOf(shop, begin)).toMatchObject({
        type: 'renewed',
        cause,
        method,
        durationMs: 251,
      });
    },
  );

  it.each<[string, (two: Shop, one: Shop) => unknown, string]>([
    [
      'by the schedule',
      ({ time, tokens }, one) =>
        time.advance(LIFETIME_MS * 0.95, () =>
          until(() => hasSettled(tokens) && hasSettled(one.tokens)),
        ),
      'planned',
    ],
    [
      'after a 401',
      async (two, one) => {
        two.portone.revokeAccessTokens();
        await one.tokens.renew();
        await healed(two);
      },
      'forced',
    ],
    [
      'by renew()',
      async (two, one) => {
        await one.tokens.renew();
        await two.tokens.renew();
      },
      'forced',
    ],
  ])(
    'the adoption of a token of another instance %s',
    async (_, begin, cause) => {
      const world = await openPortOne();
      const options = { store: new SharedMemoryStore(world.time) };
      const one = await openShop({ ...world, options, random: () => 0 });
      const two = await openWatched({ ...world, options, random: () => 1 });
      const fromStore = { type: 'adopted', method: 'adopted', durationMs: 0 };
      expect(two.renewals).toMatchObject([{ ...fromStore, cause: 'cold' }]);
      const adopted = await factsOf(two, (shop) => begin(shop, one));
      expect(adopted).toMatchObject({ ...fromStore, cause });
      expect(world.portone.calls).toMatchObject({ login: 1, refresh: 1 });
    },
  );

  it.each<[string, string, (shop: Shop) => unknown, boolean]>([
    ['by the first call', 'cold', ({ tokens }) => tokens.getClaims(), false],
    ['by the schedule', 'planned', untilRenewal, true],
    ['by renew()', 'forced', ({ tokens }) => tokens.renew(), true],
    ['by a 401', 'forced', refused, true],
  ])(
    'a renewal that fails, and one whose secret is rejected, %s',
    async (_, cause, begin, eager) => {
      const endings = [
        [{ status: 503 }, { type: 'renewal-failed', consecutiveFailures: 1 }],
        [rejection, { type: 'credentials-rejected' }],
      ] as const;
      for (const [answer, ending] of endings) {
        const { portone, time } = await openPortOne();
        const shop = await openWatched({ portone, time, options: { eager } });
        portone.fail('tokens', { kind: 'status', ...answer });
        const failed = await factsOf(shop, (opened) =>
          Promise.resolve(begin(opened)).catch(() => undefined),
        );
        const calls = portone.calls.tokens - (eager ? 1 : 0);
        expect(failed).toMatchObject({
          ...ending,
          cause,
          durationMs: Math.ceil(calls * 250.25),
        });
      }
    },
  );

  it('a renewal that PortOne does not answer, and the attempt after it', async () => {
    const shop = await openWatched();
    const { portone, time, renewals } = shop;
    portone.fail('refresh', { kind: 'hang' }, { times: 1 });
    const due = shop.tokens.snapshot().renewsInMs!;
    await time.advance(due);
    await until(() => portone.calls.refresh === 1);
    await time.advance(10_000);
    await until(() => renewals.length === 2);
    expect(renewals[1]).toMatchObject({
      type: 'renewal-failed',
      reason: 'PORTONE_TOKEN_TIMEOUT',
      cause: 'planned',
      durationMs: 10_000,
    });
    await shop.advance(60_000);
    expect(renewals.slice(2)).toMatchObject([
      { type: 'renewed', cause: 'planned', method: 'refresh', durationMs: 0 },
    ]);
  });
});
