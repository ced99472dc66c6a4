import { pairSeal, type PairSeal } from '../../store/sealed-pair.js';
import {
  agedBy,
  type RecordStamp,
  type RenewedRecord,
  type TokenRecord,
  type TokenStore,
} from '../../store/token-store.js';
import { elapsed, type Clock } from '../../time/clock.js';
import type { ChainedToken } from '../life/held-token.js';
import type { OwnPair, OwnPairs, PairRequest } from './own-pairs.js';
import { mayReplace, storedToken } from './stored-pair.js';

/** What a chain must know of one renewal. */
export interface ChainRenewal extends PairRequest {
  /** How long the token calls take at most, in ms. */
  readonly timeoutMs: number;
  /** Whether callers wait for this renewal: there is no usable token, or PortOne has refused it. */
  isUrgent(): boolean;
  /** Whether the token belongs to another merchant or store than this client's tokens before. */
  isOfOther(token: ChainedToken): boolean;
}

/** Receives what happens to a chain, for the log. */
export interface ChainReports {
  warn(message: string): void;
  /** The token is no longer shared, because of `reason`; or it is shared again. */
  sharingChanged(isShared: boolean, reason?: string): void;
}

/** The store's answer to one renewal; with `own` if this instance made the token call. */
interface StoreAnswer {
  readonly record: TokenRecord;
  readonly own?: OwnPair;
  readonly isShared: boolean;
}

/** A renewal waits for another instance during this share of its timeout; the rest is for its own token call. */
const PATIENCE_SHARE = 0.75;

const UNREADABLE = 'it keeps answering with records that cannot be used';

/** The chain of token pairs of one client, in memory or shared with other instances through a store. */
export class TokenChain {
  #seal?: { readonly apiSecret: string; readonly seal: PairSeal };
  #isReached = true;

  constructor(
    private readonly store: TokenStore,
    private readonly pairs: OwnPairs,
    private readonly origin: string,
    private readonly clock: Clock,
    private readonly reports: ChainReports,
  ) {}

  /** The host of the token calls. */
  get host(): string {
    return new URL(this.origin).host;
  }

  /** Whether other instances see this client's token now. */
  get isShared(): boolean {
    return this.store.isShared && this.#isReached;
  }

  /** Whether other instances should see this client's token but do not. */
  get isSharingLost(): boolean {
    return this.store.isShared && !this.#isReached;
  }

  /** The token after the held one: a newer one from the store, or one from PortOne. Throws what the token calls throw. */
  async next(renewal: ChainRenewal): Promise<ChainedToken> {
    const { held, apiSecret, signal } = renewal;
    const seal = this.sealOf(apiSecret);
    const generation = seenOf(held, seal);
    let seen = generation;
    let own: OwnPair | undefined;
    // A record that cannot be used is treated as no record: the second update starts from its generation and replaces it.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const answer = await this.update(seal, seen, renewal);
      own = answer.own ?? own;
      const token = await this.read(seal, answer, renewal);
      if (token) {
        this.reportSharing(answer.isShared, signal);
        return token;
      }
      seen = answer.record.generation;
    }
    // The store has answered twice with records that cannot be used, so this instance renews without it.
    own ??= await this.pairs.obtain(seal, renewal);
    this.reportSharing(false, signal, UNREADABLE);
    return { ...own.token, generation };
  }

  /** A newer token from the store, for this secret or the last one; undefined when there is none. Makes no token call. */
  async newer(
    held: ChainedToken | undefined,
    apiSecret = this.#seal?.apiSecret,
  ): Promise<ChainedToken | undefined> {
    if (apiSecret === undefined) return undefined;
    const seal = this.sealOf(apiSecret);
    const askedAt = this.clock.now();
    const record = await this.store.load(seal.key).catch(() => undefined);
    if (!record || record.generation <= seenOf(held, seal)) return undefined;
    const aged = agedBy(record, elapsed(this.clock, askedAt));
    const token = await storedToken(seal, aged, this.clock.now());
    return token && mayReplace(token, held) ? token : undefined;
  }

  /** The store's answer. If the store itself fails, this instance renews without it. */
  private async update(
    seal: PairSeal,
    seen: number,
    renewal: ChainRenewal,
  ): Promise<StoreAnswer> {
    let own: OwnPair | undefined;
    let failed: { readonly error: unknown } | undefined;
    let isShared = true;
    const renew = async (
      current: TokenRecord | undefined,
      exclusive: boolean,
      stamp?: RecordStamp,
    ): Promise<RenewedRecord> => {
      isShared = exclusive;
      try {
        // If this instance has since logged in alone, or holds a newer pair, PortOne no longer accepts the record's refresh token.
        const mayRefresh =
          exclusive && this.#isReached && (current?.generation ?? 0) >= seen;
        own = await this.pairs.obtain(
          seal,
          renewal,
          mayRefresh ? current : undefined,
          stamp,
        );
        return own.record;
      } catch (error) {
        failed = { error };
        throw error;
      }
    };
    const { timeoutMs, signal, isUrgent } = renewal;
    const patienceMs = timeoutMs * PATIENCE_SHARE;
    const situation = { timeoutMs, patienceMs, signal, isUrgent };
    try {
      const record = await this.store.update(seal.key, seen, renew, situation);
      // A pair that could not be committed comes back with the old generation.
      isShared &&= record.generation > seen;
      return { record, isShared, ...(own && { own }) };
    } catch {
      if (failed) {
        this.reportSharing(isShared, signal);
        throw failed.error;
      }
      own ??= await this.pairs.obtain(seal, renewal);
      const record = { ...own.record, generation: seen };
      return { record, isShared: false, own };
    }
  }

  /** The token of our own pair, or of the record; undefined when the record cannot be used. */
  private async read(
    seal: PairSeal,
    { record, own }: StoreAnswer,
    { held, isOfOther }: ChainRenewal,
  ): Promise<ChainedToken | undefined> {
    const { generation, sealed } = record;
    if (own?.record.sealed === sealed) return { ...own.token, generation };
    // The age is computed from now, not from the start of `update()`, which may have waited long for another instance.
    const token = await storedToken(seal, record, this.clock.now());
    return token && mayReplace(token, held) && !isOfOther(token)
      ? token
      : undefined;
  }

  private sealOf(apiSecret: string): PairSeal {
    if (this.#seal?.apiSecret !== apiSecret)
      this.#seal = { apiSecret, seal: pairSeal(apiSecret, this.origin) };
    return this.#seal.seal;
  }

  private reportSharing(
    isShared: boolean,
    signal: AbortSignal,
    reason = this.store.trouble?.(),
  ): void {
    // A renewal that was aborted says nothing about the store.
    if (signal.aborted || !this.store.isShared) return;
    if (isShared === this.#isReached) return;
    this.#isReached = isShared;
    this.reports.sharingChanged(isShared, reason);
  }
}

const seenOf = (held: ChainedToken | undefined, { key }: PairSeal): number =>
  held?.chain === key ? held.generation : 0;
