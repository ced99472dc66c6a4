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
}

/** What a renewal hands to the store; the store gives it its generation. */
export type RenewedRecord = Omit<TokenRecord, 'generation'>;

/**
 * Makes the one token call of a renewal. `current` is the record in the store now, if there is one. `exclusive` is false
 * when the store could not be reached, or its lock not be had in time: nobody can say that no other instance renews at the
 * same time.
 */
export type RenewRecord = (
  current: TokenRecord | undefined,
  exclusive: boolean,
) => Promise<RenewedRecord>;

/** What a store has to know of the instance that renews. */
export interface RenewalSituation {
  /** How long `renew` takes at most, in ms; a lock has to outlive it. */
  readonly timeoutMs: number;
  /** Whether callers wait for this renewal: there is no usable token. May change while the store waits. */
  isUrgent(): boolean;
  /** Aborted when the instance gives the renewal up: waiting for another instance ends then. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps the pair of tokens of each API secret, and lets one instance at a time renew it. The contract of every store, and
 * the class to extend for one of your own; the conformance suite in `nestjs-portone-auth/testing` checks it.
 */
export abstract class TokenStore {
  /** Whether other instances see what is kept here. */
  readonly isShared: boolean = true;

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
   * - While another instance renews, it waits: for as long as that takes when the renewal is not urgent, at most
   *   `timeoutMs` when it is, and then runs `renew(undefined, false)`.
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
}
