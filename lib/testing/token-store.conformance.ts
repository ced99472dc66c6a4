import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  RecordStamp,
  RenewedRecord,
  RenewRecord,
  TokenRecord,
  TokenStore,
} from '../store/token-store.js';

/** One behaviour that every store has; `run` rejects with an AssertionError when it is missing. */
export interface TokenStoreCheck {
  /** The behaviour, as a sentence: the name of a test. */
  readonly name: string;
  /** Makes stores and tries them. Rejects with an AssertionError. */
  readonly run: () => Promise<void>;
}

const LIFE_MS = 60_000;
const INSTANCES = 10;
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
  Promise.reject(new Error('renewed without need'));

/** A fleet's instances: stores that share their records, given the key that only one check uses. */
type Check = (stores: readonly TokenStore[], key: string) => Promise<void>;

const first = (stores: readonly TokenStore[]) => stores[0] as TokenStore;
const last = (stores: readonly TokenStore[]) => stores.at(-1) as TokenStore;

const CHECKS: Record<string, Check> = {
  'a key that was never committed is a miss': async (stores, key) => {
    equal(await first(stores).load(key), undefined);
  },

  'a commit is what every instance loads, unchanged': async (stores, key) => {
    const sealed = `eyJ.. ${'x'.repeat(8_192)} "é"\n%s {}.-_~`;
    const { generation } = await first(stores).update(
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

  'the first renewal has no current record, the next one has, both exclusively':
    async (stores, key) => {
      const given: [string | undefined, boolean][] = [];
      const spy: RenewRecord = async (current, exclusive) => {
        given.push([current?.sealed, exclusive]);
        return pair(`pair ${given.length}`);
      };
      const { generation } = await first(stores).update(key, 0, spy, situation);
      await last(stores).update(key, generation, spy, situation);
      deepEqual(given, [
        [undefined, true],
        ['pair 1', true],
      ]);
    },

  'a record newer than the one seen is answered without a renewal': async (
    stores,
    key,
  ) => {
    const old = await first(stores).update(key, 0, renewTo(), situation);
    const { generation, sealed } = await first(stores).update(
      key,
      old.generation,
      renewTo(),
      situation,
    );
    for (const seen of [0, old.generation]) {
      const adopted = await last(stores).update(
        key,
        seen,
        mustNotRenew,
        situation,
      );
      equal(adopted.generation, generation);
      equal(adopted.sealed, sealed);
    }
  },

  'a generation is greater than the current one and than the one seen': async (
    stores,
    key,
  ) => {
    const { generation } = await first(stores).update(
      key,
      0,
      renewTo(),
      situation,
    );
    const seen = generation + 1_000_000_000;
    const next = await last(stores).update(key, seen, renewTo(), situation);
    ok(next.generation > seen);
    const later = await first(stores).update(
      key,
      next.generation,
      renewTo(),
      situation,
    );
    ok(later.generation > next.generation);
  },

  'a stamp, where the store gives one, has the generation of the commit and the time of later answers':
    async (stores, key) => {
      let given: RecordStamp | undefined;
      const renew: RenewRecord = async (_current, _exclusive, stamp) => {
        given = stamp;
        return pair();
      };
      const record = await first(stores).update(key, 0, renew, situation);
      if (!given) return;
      equal(given.generation, record.generation);
      const { storeTimeMs = NaN } = (await last(stores).load(key)) ?? {};
      ok(storeTimeMs >= given.storeTimeMs);
    },

  '50 updates at once on 10 instances are one renewal': async (stores, key) => {
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

  'what a renewal throws is thrown on, nothing is written, and an instance that waits renews':
    async (stores, key) => {
      const failure = new Error('PortOne is down');
      const renewed = pair();
      let waiting: Promise<TokenRecord> | undefined;
      const failing = first(stores).update(
        key,
        0,
        async () => {
          const renew: RenewRecord = async (_, exclusive) => {
            equal(exclusive, true);
            return renewed;
          };
          waiting = last(stores).update(key, 0, renew, situation);
          equal(await first(stores).load(key), undefined);
          throw failure;
        },
        situation,
      );
      // Not assert.rejects: test runners with realms of their own have other Errors.
      equal(await failing.catch((error: unknown) => error), failure);
      equal((await waiting)?.sealed, renewed.sealed);
    },

  'one key waits for no other': async (stores, key) => {
    const other = `${key}-other`;
    const answer = await first(stores).update(
      key,
      0,
      async () => {
        const { sealed } = await last(stores).update(
          other,
          0,
          renewTo(),
          situation,
        );
        return pair(`after ${sealed}`);
      },
      situation,
    );
    const inner = await first(stores).load(other);
    equal(answer.sealed, `after ${inner?.sealed}`);
  },

  'the remaining life is counted down; past it a record is a miss or says so, and is replaced':
    async (stores, key) => {
      const { generation } = await first(stores).update(
        key,
        0,
        renewTo(pair('short', 100)),
        situation,
      );
      const begun = await last(stores).load(key);
      ok(begun === undefined || begun.expiresInMs <= 100);
      const giveUpAt = performance.now() + 5_000;
      const isAlive = async () => {
        const record = await last(stores).load(key);
        return record !== undefined && record.expiresInMs > 0;
      };
      while (await isAlive()) {
        ok(performance.now() < giveUpAt, 'a life of 100 ms lasts over 5 s');
        await delay(10);
      }
      const renewed = pair();
      // The record is newer than the seen one, but its time is over, so it must not be adopted.
      const next = await last(stores).update(
        key,
        generation - 1,
        renewTo(renewed),
        situation,
      );
      equal(next.sealed, renewed.sealed);
    },
};

/**
 * What {@link TokenStore} promises, as checks for any test runner. `createStore` gives one more instance's store of the same
 * fleet each time it is called; what it opened is the caller's to close. Checks use random keys and leave their records.
 *
 * @example
 * it.each(tokenStoreConformance(() => new MyTokenStore(client)))('$name', ({ run }) => run());
 */
export function tokenStoreConformance(
  createStore: () => TokenStore | Promise<TokenStore>,
): readonly TokenStoreCheck[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    run: async () => {
      const stores = await Promise.all(
        Array.from({ length: INSTANCES }, () => createStore()),
      );
      await check(stores, `conformance-${randomUUID()}`);
    },
  }));
}
