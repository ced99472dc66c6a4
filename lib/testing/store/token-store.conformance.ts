import { randomUUID } from 'node:crypto';
import type { TokenStore } from '../../store/token-store.js';
import { STORE_CHECKS } from './store-checks.js';

/** A check of one behaviour that every store must have. */
export interface TokenStoreCheck {
  /** The behaviour, as a sentence: the name of a test. */
  readonly name: string;
  /** Makes stores and runs the check. Rejects with an AssertionError when the store does not behave so. */
  readonly run: () => Promise<void>;
}

const INSTANCES = 10;

/**
 * Checks whether a store behaves as {@link TokenStore} requires, with any test runner. `createStore` is called once for each
 * instance of a fleet; the stores it makes must share their records. Close what it opens after the checks. The checks use random
 * keys and do not delete their records.
 *
 * @example
 * it.each(tokenStoreConformance(() => new MyTokenStore(client)))('$name', ({ run }) => run());
 */
export function tokenStoreConformance(
  createStore: () => TokenStore | Promise<TokenStore>,
): readonly TokenStoreCheck[] {
  return Object.entries(STORE_CHECKS).map(([name, check]) => ({
    name,
    run: async () => {
      const stores = await Promise.all(
        Array.from({ length: INSTANCES }, () => createStore()),
      );
      const key = `conformance-${randomUUID()}`;
      const [first, last] = [stores[0], stores.at(-1)] as [
        TokenStore,
        TokenStore,
      ];
      await check({ key, stores, first, last });
    },
  }));
}
