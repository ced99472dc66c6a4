import { randomUUID } from 'node:crypto';
import type {
  RenewalSituation,
  RenewedRecord,
  TokenRecord,
  TokenStore,
} from '../../lib/store/token-store.js';

/** No caller waits: there is a usable token. */
export const quiet: RenewalSituation = {
  timeoutMs: 500,
  isUrgent: () => false,
};

/** Callers wait. */
export const urgent: RenewalSituation = {
  timeoutMs: 500,
  isUrgent: () => true,
};

/** What one renewal was given. */
export interface Renewal {
  readonly current: string | undefined;
  readonly exclusive: boolean;
}

/** The token service of one instance, reduced to what its store sees of it. */
export class FleetInstance {
  readonly renewals: Renewal[] = [];
  seen = 0;

  constructor(
    readonly store: TokenStore,
    readonly key: string,
  ) {}

  /** Renews when the store says so; `during` runs instead of the token call, and may throw. */
  async update(
    situation = quiet,
    during: () => Promise<unknown> = async () => undefined,
  ): Promise<TokenRecord> {
    const record = await this.store.update(
      this.key,
      this.seen,
      async (current, exclusive): Promise<RenewedRecord> => {
        this.renewals.push({ current: current?.sealed, exclusive });
        await during();
        return { sealed: `sealed-${randomUUID()}`, expiresInMs: 60_000 };
      },
      situation,
    );
    this.seen = record.generation;
    return record;
  }
}

/** Asks until the answer is yes. Throws after 20 s. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt)
      throw new Error(`never true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How long it takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** A promise and what ends it. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
