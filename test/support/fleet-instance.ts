import { randomUUID } from 'node:crypto';
import type {
  RenewalSituation,
  RenewedRecord,
  TokenRecord,
  TokenStore,
} from '../../lib/store/token-store.js';

/** The situation of a renewal that no caller waits for. */
export const quiet: RenewalSituation = {
  timeoutMs: 500,
  isUrgent: () => false,
};

/** The situation of a renewal that callers wait for. */
export const urgent: RenewalSituation = {
  timeoutMs: 500,
  isUrgent: () => true,
};

/** What the store gave to one call of `renew`. */
export interface Renewal {
  readonly current: string | undefined;
  readonly exclusive: boolean;
}

/** Stands for the token service of one instance: it uses its store as the service does. */
export class FleetInstance {
  readonly renewals: Renewal[] = [];
  seen = 0;

  constructor(
    readonly store: TokenStore,
    readonly key: string,
  ) {}

  /** Updates the record. When the store lets this instance renew, `during` runs in place of the token call; it may throw. */
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
