import {
  TokenStore,
  type RenewalSituation,
  type RenewRecord,
  type TokenRecord,
} from 'nestjs-portone-auth';

/** Wraps a store. Calls `onRenewing` when this instance has the lock and begins its token call. */
export class ObservedStore extends TokenStore {
  constructor(
    private readonly store: TokenStore,
    private readonly onRenewing: () => void,
  ) {
    super();
  }

  override load(key: string): Promise<TokenRecord | undefined> {
    return this.store.load(key);
  }

  override update(
    key: string,
    seen: number,
    renew: RenewRecord,
    situation: RenewalSituation,
  ): Promise<TokenRecord> {
    const observed: RenewRecord = (...given) => {
      const [, exclusive] = given;
      if (exclusive) this.onRenewing();
      return renew(...given);
    };
    return this.store.update(key, seen, observed, situation);
  }
}
