import { surviveProxies } from '../provider/survive-proxies.js';

/** How much longer than the renewal's timeout a lock lasts when its owner crashed, in ms, unless the store says otherwise. */
export const LOCK_MARGIN_MS = 5_000;

/** What a store keeps for one API secret: the sealed pair of tokens, its generation and its remaining life. */
export interface TokenRecord {
  /** Grows with every commit of one key. The pair with the greater generation is the newer one. */
  readonly generation: number;
  /** The encrypted pair. A store keeps the text unchanged; only instances with the same API secret can decrypt it. */
  readonly sealed: string;
  /**
   * Remaining life of the access token in ms when the store answers. The store counts it down from the commit, so the clocks
   * of two machines are never compared.
   */
  readonly expiresInMs: number;
  /** The store's own clock at the moment of the answer, in ms since any fixed moment. A store without a clock leaves it out. */
  readonly storeTimeMs?: number;
}

/** What a renewal gives to the store. The store adds the generation. */
export type RenewedRecord = Pick<TokenRecord, 'sealed' | 'expiresInMs'>;

/**
 * What a store knows about a record before the token call. Both values are sealed with the pair. So even an instance that has
 * just started recognises an old record that was written back under another generation or with a longer life.
 */
export interface RecordStamp {
  /** The generation that the commit will use. */
  readonly generation: number;
  /** The store's own clock now, in ms, as in {@link TokenRecord.storeTimeMs}. */
  readonly storeTimeMs: number;
}

/**
 * Makes the token call of a renewal. `current` is the record in the store now, if there is one. `exclusive` is false when
 * another instance may renew at the same time, because the store could not be reached or its lock was not free in time.
 * `stamp` is given by a store that has a clock and knows the next generation; other stores leave it out.
 */
export type RenewRecord = (
  current: TokenRecord | undefined,
  exclusive: boolean,
  stamp?: RecordStamp,
) => Promise<RenewedRecord>;

/** What a store must know about the instance that renews. */
export interface RenewalSituation {
  /** How long `renew` takes at most, in ms. A lock must last longer. */
  readonly timeoutMs: number;
  /** How long an urgent renewal waits for another instance, in ms. Default `timeoutMs`. */
  readonly patienceMs?: number;
  /** Whether callers wait for this renewal, because there is no usable token or PortOne has refused it. May change during the wait. */
  isUrgent(): boolean;
  /** Aborted when the instance abandons the renewal. Then the wait for another instance must end. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps the pair of tokens of each API secret, and lets one instance at a time renew it. Extend this class to write a store
 * of your own; `tokenStoreConformance` of `nestjs-portone-auth/testing` checks whether it behaves as required.
 */
export abstract class TokenStore {
  /** Whether other instances see what is kept here. */
  readonly isShared: boolean = true;

  /** How much longer than `timeoutMs` a lock lasts when its owner crashed, in ms. Default 5,000. */
  declare readonly lockMarginMs?: number;

  /** A store may be a provider of the app, and an observer of Nest may put a Proxy around a provider. The methods still work then. */
  constructor() {
    surviveProxies(this);
  }

  /**
   * Gives the record of the key; undefined when there is none. For an expired record, gives undefined or a record with
   * `expiresInMs <= 0`. Rejects when the store cannot be reached.
   */
  abstract load(key: string): Promise<TokenRecord | undefined>;

  /**
   * Gives a record newer than `seen` that has not expired, if there is one, and makes no token call. Otherwise it runs `renew`
   * while no other instance may renew this key. Then it commits the result under a generation that is greater than `seen` and
   * greater than the current generation.
   *
   * - While another instance renews, it waits: at most `patienceMs` when the renewal is urgent, and never longer than a lock
   *   may last (`timeoutMs + lockMarginMs`). After that it runs `renew(undefined, false)`.
   * - When `renew` throws, it releases the lock, writes nothing and throws the same error.
   * - When it lost the lock during `renew`, it writes nothing, drops the new pair and reads the record again.
   * - When the store cannot be reached, it runs `renew(undefined, false)`.
   * - A new pair that could not be committed is returned all the same, with generation `seen`. Other instances do not see it.
   *
   * @param seen the generation this instance holds, or one that it could not open; 0 for none
   */
  abstract update(
    key: string,
    seen: number,
    renew: RenewRecord,
    situation: RenewalSituation,
  ): Promise<TokenRecord>;

  /** Why the last renewal could not be shared, for the log: one or two words such as Redis's `NOPERM`, never a secret. */
  trouble?(): string | undefined;

  /** Mistakes in the app's set-up of the store, and what to write instead. They are logged at boot. */
  bootProblems?(): readonly string[];
}

/** The record as it is when `ms` have passed since the store's answer. */
export const agedBy = (record: TokenRecord, ms: number): TokenRecord => ({
  ...record,
  expiresInMs: record.expiresInMs - ms,
  ...(record.storeTimeMs !== undefined && {
    storeTimeMs: record.storeTimeMs + ms,
  }),
});
