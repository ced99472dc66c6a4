import { surviveProxies } from '../provider/survive-proxies.js';

/** How long the lock of an owner that died outlives the renewal's timeout, in ms, unless the store says otherwise. */
export const LOCK_MARGIN_MS = 5_000;

/** What a store keeps for one API secret: the sealed pair, where it stands in the chain, and how long it is good for. */
export interface TokenRecord {
  /** Grows with every commit under one key; the greater one is the newer pair. */
  readonly generation: number;
  /** The encrypted pair. A store keeps it as it is: only instances with the same API secret can open it. */
  readonly sealed: string;
  /**
   * Remaining life in ms at the moment of the answer, measured by the store since the commit. No machine's clock is
   * compared with another's.
   */
  readonly expiresInMs: number;
  /** The store's own clock at the moment of the answer, in ms since any fixed moment. A store without a clock leaves it out. */
  readonly storeTimeMs?: number;
}

/** What a renewal hands to the store; the store gives it its generation. */
export type RenewedRecord = Pick<TokenRecord, 'sealed' | 'expiresInMs'>;

/**
 * Where a store will put the record of a renewal, known before the token call. Both are sealed with the pair: a record that
 * is put back later, under another generation or with a longer life, is noticed even by an instance that has just started.
 */
export interface RecordStamp {
  /** The generation that the commit will use. */
  readonly generation: number;
  /** The store's own clock now, in ms, as in {@link TokenRecord.storeTimeMs}. */
  readonly storeTimeMs: number;
}

/**
 * Makes the one token call of a renewal. `current` is the record in the store now, if there is one. `exclusive` is false
 * when another instance may renew at the same time, because the store could not be reached or its lock was not free in time.
 * `stamp` comes from a store that has a clock and knows the next generation; any other store leaves it out.
 */
export type RenewRecord = (
  current: TokenRecord | undefined,
  exclusive: boolean,
  stamp?: RecordStamp,
) => Promise<RenewedRecord>;

/** What a store must know of the instance that renews. */
export interface RenewalSituation {
  /** How long `renew` takes at most, in ms; a lock must outlive it. */
  readonly timeoutMs: number;
  /** How long an urgent renewal waits for another instance, in ms. Default `timeoutMs`. */
  readonly patienceMs?: number;
  /** Whether callers wait for this renewal: there is no usable token, or PortOne has refused it. May change meanwhile. */
  isUrgent(): boolean;
  /** Aborted when the instance gives the renewal up: then the wait for another instance ends. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps the pair of tokens of each API secret, and lets one instance at a time renew it. The contract of every store, and
 * the class to extend for one of your own; the conformance suite in `nestjs-portone-auth/testing` checks it.
 */
export abstract class TokenStore {
  /** Whether other instances see what is kept here. */
  readonly isShared: boolean = true;

  /** How long the lock of an owner that died outlives `timeoutMs`, in ms. Default 5,000. */
  declare readonly lockMarginMs?: number;

  /** A store may be a provider of the app: its methods work on a Proxy that an observer of Nest puts before it. */
  constructor() {
    surviveProxies(this);
  }

  /**
   * The record of the key; undefined when there is none. Past its life it is a miss or says `expiresInMs <= 0`. Rejects
   * when the store cannot be reached.
   */
  abstract load(key: string): Promise<TokenRecord | undefined>;

  /**
   * Answers with a living record newer than `seen` if there is one, without a call. Else runs `renew` so that no other
   * instance renews this key meanwhile, and commits its result under a generation greater than `seen` and than the current
   * one.
   *
   * - While another instance renews, it waits: at most `patienceMs` when the renewal is urgent, and never longer than an
   *   honest owner may hold the lock (`timeoutMs + lockMarginMs`). Then it runs `renew(undefined, false)`.
   * - What `renew` throws is thrown on, with the lock released and nothing written.
   * - An instance that lost its lock while it renewed writes nothing: its pair is dropped and the record read again.
   * - A store that cannot be reached runs `renew(undefined, false)`.
   * - A new pair is answered even if it could not be committed. It then has generation `seen`: no other instance sees it.
   *
   * @param seen the generation this instance holds, or one that it could not open; 0 for none
   */
  abstract update(
    key: string,
    seen: number,
    renew: RenewRecord,
    situation: RenewalSituation,
  ): Promise<TokenRecord>;

  /** Why the last renewal could not be shared, for the log: a word or two such as Redis's `NOPERM`, never a secret. */
  trouble?(): string | undefined;

  /** What is wrong with the way the app set the store up, and what to write instead. Logged at boot. */
  bootProblems?(): readonly string[];
}

/** The same record when some time, in ms, has passed since the store's answer. */
export const later = (record: TokenRecord, ms: number): TokenRecord => ({
  ...record,
  expiresInMs: record.expiresInMs - ms,
  ...(record.storeTimeMs !== undefined && {
    storeTimeMs: record.storeTimeMs + ms,
  }),
});
