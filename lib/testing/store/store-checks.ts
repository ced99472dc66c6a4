import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  RecordStamp,
  RenewedRecord,
  RenewRecord,
  TokenRecord,
  TokenStore,
} from '../../store/token-store.js';

const LIFE_MS = 60_000;
const situation = { timeoutMs: 2_000, isUrgent: () => true };

const pair = (
  sealed: string = randomUUID(),
  expiresInMs = LIFE_MS,
): RenewedRecord => ({
  sealed,
  expiresInMs,
});
const renewTo =
  (renewed = pair()): RenewRecord =>
  async () =>
    renewed;
const mustNotRenew: RenewRecord = () =>
  Promise.reject(
    new Error('The store ran `renew`, although it had a newer record.'),
  );

/** The stores of all instances of a fleet, and a key that no other check uses. */
export interface StoreFleet {
  readonly key: string;
  readonly stores: readonly TokenStore[];
  readonly first: TokenStore;
  readonly last: TokenStore;
}

/** What every store must do, by name. A check rejects with an AssertionError. */
export const STORE_CHECKS: Readonly<
  Record<string, (fleet: StoreFleet) => Promise<void>>
> = {
  'load() gives undefined for a key without a commit': async ({
    first,
    key,
  }) => {
    equal(await first.load(key), undefined);
  },

  'every instance loads the committed record unchanged': async ({
    first,
    stores,
    key,
  }) => {
    const sealed = `eyJ.. ${'x'.repeat(8_192)} "é"\n%s {}.-_~`;
    const { generation } = await first.update(
      key,
      0,
      renewTo(pair(sealed)),
      situation,
    );
    for (const store of stores) {
      const record = await store.load(key);
      equal(record?.sealed, sealed);
      equal(record?.generation, generation);
      ok(generation > 0 && Number.isSafeInteger(generation));
    }
  },

  'renew() gets the current record, if there is one, and exclusive = true':
    async ({ first, last, key }) => {
      const given: [string | undefined, boolean][] = [];
      const spy: RenewRecord = async (current, exclusive) => {
        given.push([current?.sealed, exclusive]);
        return pair(`pair ${given.length}`);
      };
      const { generation } = await first.update(key, 0, spy, situation);
      await last.update(key, generation, spy, situation);
      deepEqual(given, [
        [undefined, true],
        ['pair 1', true],
      ]);
    },

  'update() gives a record newer than `seen` without a renewal': async ({
    first,
    last,
    key,
  }) => {
    const old = await first.update(key, 0, renewTo(), situation);
    const { generation, sealed } = await first.update(
      key,
      old.generation,
      renewTo(),
      situation,
    );
    for (const seen of [0, old.generation]) {
      const adopted = await last.update(key, seen, mustNotRenew, situation);
      equal(adopted.generation, generation);
      equal(adopted.sealed, sealed);
    }
  },

  'a commit gets a generation greater than the current one and than `seen`':
    async ({ first, last, key }) => {
      const { generation } = await first.update(key, 0, renewTo(), situation);
      const seen = generation + 1_000_000_000;
      const next = await last.update(key, seen, renewTo(), situation);
      ok(next.generation > seen);
      const later = await first.update(
        key,
        next.generation,
        renewTo(),
        situation,
      );
      ok(later.generation > next.generation);
    },

  "a stamp, if the store gives one, has the commit's generation and the store's time":
    async ({ first, last, key }) => {
      let given: RecordStamp | undefined;
      const renew: RenewRecord = async (_current, _exclusive, stamp) => {
        given = stamp;
        return pair();
      };
      const record = await first.update(key, 0, renew, situation);
      if (!given) return;
      equal(given.generation, record.generation);
      const { storeTimeMs = NaN } = (await last.load(key)) ?? {};
      ok(storeTimeMs >= given.storeTimeMs);
    },

  '50 updates at the same time on 10 instances make one renewal': async ({
    stores,
    key,
  }) => {
    let renewals = 0;
    const renew: RenewRecord = async () => {
      renewals += 1;
      await delay(20);
      return pair();
    };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => stores)
        .flat()
        .map((store) => store.update(key, 0, renew, situation)),
    );
    equal(renewals, 1);
    equal(new Set(answers.map(({ sealed }) => sealed)).size, 1);
    equal(new Set(answers.map(({ generation }) => generation)).size, 1);
  },

  'when renew() throws, update() throws the same error, writes nothing, and a waiting instance renews':
    async ({ first, last, key }) => {
      const failure = new Error('PortOne is down');
      const renewed = pair();
      let waiting: Promise<TokenRecord> | undefined;
      const failing = first.update(
        key,
        0,
        async () => {
          const renew: RenewRecord = async (_, exclusive) => {
            equal(exclusive, true);
            return renewed;
          };
          waiting = last.update(key, 0, renew, situation);
          equal(await first.load(key), undefined);
          throw failure;
        },
        situation,
      );
      // Not assert.rejects(): in a test runner with its own realm, `Error` is another class.
      equal(await failing.catch((error: unknown) => error), failure);
      equal((await waiting)?.sealed, renewed.sealed);
    },

  'an update of one key does not wait for an update of another key': async ({
    first,
    last,
    key,
  }) => {
    const other = `${key}-other`;
    const answer = await first.update(
      key,
      0,
      async () => {
        const { sealed } = await last.update(other, 0, renewTo(), situation);
        return pair(`after ${sealed}`);
      },
      situation,
    );
    const inner = await first.load(other);
    equal(answer.sealed, `after ${inner?.sealed}`);
  },

  'the remaining life counts down, and an expired record is replaced': async ({
    first,
    last,
    key,
  }) => {
    const { generation } = await first.update(
      key,
      0,
      renewTo(pair('short', 100)),
      situation,
    );
    const begun = await last.load(key);
    ok(begun === undefined || begun.expiresInMs <= 100);
    const giveUpAt = performance.now() + 5_000;
    const isAlive = async () => {
      const record = await last.load(key);
      return record !== undefined && record.expiresInMs > 0;
    };
    while (await isAlive()) {
      ok(
        performance.now() < giveUpAt,
        'a record with a life of 100 ms has not expired after 5 s',
      );
      await delay(10);
    }
    const renewed = pair();
    // The record is newer than `seen`, but it has expired, so update() must not give it.
    const next = await last.update(
      key,
      generation - 1,
      renewTo(renewed),
      situation,
    );
    equal(next.sealed, renewed.sealed);
  },
};
