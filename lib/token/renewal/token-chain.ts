import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { pairSeal, type PairSeal } from '../../store/sealed-pair.js';
import type {
  RenewedRecord,
  TokenRecord,
  TokenStore,
} from '../../store/token-store.js';
import { elapsed, type Clock } from '../../time/clock.js';
import type { ChainedToken } from '../life/held-token.js';
import { lifetimeOf, refreshLifetimeOf } from '../life/lifetime.js';
import { storedRefreshToken, storedToken } from './stored-pair.js';
import type { SentAnswer, TokenRenewer } from './token-calls.js';

/** PortOne is more than one machine; so many seconds their clocks may differ. */
const PORTONE_SKEW_S = 5;

/** One renewal, as the chain sees it. */
export interface ChainRenewal {
  /** What this instance holds. */
  readonly held: ChainedToken | undefined;
  readonly apiSecret: string;
  /** How long the token calls take at most, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Whether callers wait: there is no usable token. */
  isUrgent(): boolean;
  /** Runs the token calls under the deadline of the renewal. */
  call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** What the rest of the service hears from a chain. */
export interface ChainReports {
  warn(message: string): void;
  /** The store could not be reached, or can be again. */
  sharingChanged(isShared: boolean): void;
}

/** A pair of our own, and what the store is to keep of it. */
interface OwnPair {
  readonly token: ChainedToken;
  readonly record: RenewedRecord;
}

/** The chain of pairs of one client: alone in this process or shared through a store, in the same way. */
export class TokenChain {
  #seal?: { readonly apiSecret: string; readonly seal: PairSeal };
  #isReached = true;

  constructor(
    private readonly store: TokenStore,
    private readonly renewer: TokenRenewer,
    private readonly origin: string,
    private readonly clock: Clock,
    private readonly reports: ChainReports,
  ) {}

  /** Whether other instances see this client's token now. */
  get isShared(): boolean {
    return this.store.isShared && this.#isReached;
  }

  /** The token after the one held: what another instance has obtained meanwhile, else one of our own. Throws as the renewer does. */
  async next(renewal: ChainRenewal): Promise<ChainedToken> {
    const seal = this.sealOf(renewal.apiSecret);
    const seen = seenOf(renewal.held, seal);
    const first = await this.update(seal, seen, renewal);
    const token = await this.read(seal, first);
    if (token) return token;
    // A foreign, damaged or dying record is as good as none: renewing from its generation on replaces it.
    const { generation } = first.record;
    const second = await this.update(seal, generation, renewal);
    const replaced = await this.read(seal, second);
    if (replaced) return replaced;
    throw new TokenCallFailure(
      'PORTONE_TOKEN_RESPONSE_INVALID',
      'the store keeps answering with records that cannot be read',
    );
  }

  /** Without a call: what another instance has obtained since, with this secret or the last one; undefined if there is nothing. */
  async newer(
    held: ChainedToken | undefined,
    apiSecret = this.#seal?.apiSecret,
  ): Promise<ChainedToken | undefined> {
    if (apiSecret === undefined) return undefined;
    const seal = this.sealOf(apiSecret);
    const asked = this.clock.now();
    const record = await this.store.load(seal.key).catch(() => undefined);
    if (!record || record.generation <= seenOf(held, seal)) return undefined;
    const expiresInMs = record.expiresInMs - elapsed(this.clock, asked);
    return storedToken(seal, { ...record, expiresInMs }, this.clock.now());
  }

  /** The store's answer; where the store itself fails, a renewal alone. */
  private async update(
    seal: PairSeal,
    seen: number,
    renewal: ChainRenewal,
  ): Promise<{ record: TokenRecord; own?: OwnPair }> {
    let own: OwnPair | undefined;
    let failed: { readonly error: unknown } | undefined;
    let isReached = true;
    const renew = async (
      current: TokenRecord | undefined,
      exclusive: boolean,
    ): Promise<RenewedRecord> => {
      isReached = exclusive;
      try {
        // The last login of an instance that was alone has killed the refresh token of the record.
        const mayRefresh = exclusive && this.#isReached;
        own = await this.obtain(
          seal,
          renewal,
          mayRefresh ? current : undefined,
        );
        return own.record;
      } catch (error) {
        failed = { error };
        throw error;
      }
    };
    const { timeoutMs, signal, isUrgent } = renewal;
    const situation = { timeoutMs, signal, isUrgent };
    try {
      const record = await this.store.update(seal.key, seen, renew, situation);
      // A pair that could not be committed comes back under the generation that was there before.
      isReached &&= record.generation > seen;
      return { record, ...(own && { own }) };
    } catch {
      if (failed) throw failed.error;
      isReached = false;
      own ??= await this.obtain(seal, renewal);
      return { record: { ...own.record, generation: seen }, own };
    } finally {
      // That this instance has given up, or is shutting down, says nothing about the store.
      if (!signal.aborted) this.reportSharing(isReached);
    }
  }

  private async obtain(
    seal: PairSeal,
    renewal: ChainRenewal,
    current?: TokenRecord,
  ): Promise<OwnPair> {
    const { apiSecret, call, signal } = renewal;
    signal.throwIfAborted();
    // One that we remember may be dead long since.
    const refreshToken = current && (await storedRefreshToken(seal, current));
    const sent = await call((deadline) =>
      this.renewer.renew(refreshToken, apiSecret, deadline),
    );
    const { answer, sentAt: since } = sent;
    const { accessToken, claims } = answer;
    const lifetimeMs = this.lifetimeOf(sent, renewal);
    return {
      token: {
        accessToken,
        claims,
        chain: seal.key,
        generation: 0,
        isAdopted: false,
        since,
        lifetimeMs,
      },
      record: {
        sealed: await seal.seal({
          accessToken,
          refreshToken: answer.refreshToken,
          lifetimeMs,
          refreshLifetimeMs: refreshLifetimeOf(answer),
        }),
        expiresInMs: lifetimeMs - elapsed(this.clock, since),
      },
    };
  }

  private lifetimeOf({ answer }: SentAnswer, renewal: ChainRenewal): number {
    const lifetime = lifetimeOf(answer);
    if (!lifetime)
      throw invalid('the lifetime of the new access token is a second or less');
    // A repeated answer, or a dead one: PortOne's own iat tells when a better one is held.
    const heldIat = renewal.held?.claims.iat ?? 0;
    const isOlder = heldIat - answer.claims.iat > PORTONE_SKEW_S;
    if (isOlder && !renewal.isUrgent())
      throw invalid('the new access token is older than the one it replaces');
    if (!lifetime.isDateIgnored) return lifetime.ms;
    if (renewal.held?.accessToken === answer.accessToken)
      throw invalid('the new access token is the one it replaces, and dead');
    this.reports.warn(
      "The Date of PortOne's answer is past the token's expiry; relying on exp - iat alone.",
    );
    return lifetime.ms;
  }

  /** Our own pair, or the record as a token of ours; undefined when it cannot be read or its time is over. */
  private async read(
    seal: PairSeal,
    { record, own }: { record: TokenRecord; own?: OwnPair },
  ): Promise<ChainedToken | undefined> {
    const { generation, sealed } = record;
    if (own?.record.sealed === sealed) return { ...own.token, generation };
    // Not when the store was asked: it may have waited long for the instance that renewed.
    return storedToken(seal, record, this.clock.now());
  }

  private sealOf(apiSecret: string): PairSeal {
    if (this.#seal?.apiSecret !== apiSecret)
      this.#seal = { apiSecret, seal: pairSeal(apiSecret, this.origin) };
    return this.#seal.seal;
  }

  private reportSharing(isReached: boolean): void {
    if (isReached === this.#isReached || !this.store.isShared) return;
    this.#isReached = isReached;
    this.reports.sharingChanged(isReached);
  }
}

const seenOf = (held: ChainedToken | undefined, { key }: PairSeal): number =>
  held?.chain === key ? held.generation : 0;

const invalid = (detail: string) =>
  new TokenCallFailure('PORTONE_TOKEN_RESPONSE_INVALID', detail);
