import { TokenCallFailure } from '../../portone/token-call.failure.js';
import type { Cure, PairSeal } from '../../store/sealed-pair.js';
import type {
  RecordStamp,
  RenewedRecord,
  TokenRecord,
} from '../../store/token-store.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import type { ChainedToken } from '../life/held-token.js';
import { lifetimeOf, refreshLifetimeOf } from '../life/lifetime.js';
import { PORTONE_SKEW_S, storedRefreshToken } from './stored-pair.js';
import type { ObtainedPair, TokenRenewer } from './token-calls.js';

/** What is needed to get a pair of tokens from PortOne. */
export interface PairRequest {
  /** The token that this instance holds. */
  readonly held: ChainedToken | undefined;
  readonly apiSecret: string;
  readonly signal: AbortSignal;
  /** Whether callers still get the held token. */
  isServing(): boolean;
  /** Undefined unless the API has refused the held token. */
  cure(): Cure | undefined;
  /** Runs the token calls under the deadline of the renewal. */
  call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** The token of a pair that this instance got from PortOne, and the record of the pair for the store. */
export interface OwnPair {
  readonly token: ChainedToken;
  readonly record: RenewedRecord;
}

/** Gets pairs of tokens from PortOne, checks their age and encrypts them. */
export class OwnPairs {
  constructor(
    private readonly renewer: TokenRenewer,
    private readonly clock: Clock,
    private readonly warn: (message: string) => void,
  ) {}

  /** @param current the record whose refresh token may be used; without it the pair comes from a login */
  async obtain(
    seal: PairSeal,
    request: PairRequest,
    current?: TokenRecord,
    stamp?: RecordStamp,
  ): Promise<OwnPair> {
    const { apiSecret, call, signal } = request;
    const stampedAt = this.clock.now();
    signal.throwIfAborted();
    // The refresh token comes from the store, never from memory: another instance may have used the one in memory.
    const refreshToken = current && (await storedRefreshToken(seal, current));
    const cure = request.cure();
    const pair = await call((deadline) =>
      this.renewer.renew(refreshToken, apiSecret, deadline),
    );
    const { accessToken, claims, method, sentAt: since } = pair;
    const lifetimeMs = this.lifetimeOf(pair, request);
    return {
      token: {
        accessToken,
        claims,
        chain: seal.key,
        generation: 0,
        method,
        ...(cure && { cure }),
        since,
        lifetimeMs,
      },
      record: {
        sealed: await seal.seal({
          accessToken,
          refreshToken: pair.refreshToken,
          lifetimeMs,
          refreshLifetimeMs: refreshLifetimeOf(pair),
          ...(cure && { cure }),
          ...(stamp && { written: writtenAt(stamp, stampedAt, since) }),
        }),
        expiresInMs: lifetimeMs - elapsed(this.clock, since),
      },
    };
  }

  private lifetimeOf(answer: ObtainedPair, request: PairRequest): number {
    const lifetime = lifetimeOf(answer);
    if (!lifetime)
      throw invalid('the lifetime of the new access token is a second or less');
    // PortOne may answer with an older token; its `iat` shows that.
    const heldIat = request.held?.claims.iat ?? 0;
    const isOlder = heldIat - answer.claims.iat > PORTONE_SKEW_S;
    if (isOlder && request.isServing())
      throw invalid('the new access token is older than the one it replaces');
    if (!lifetime.isDateIgnored) return lifetime.ms;
    if (request.held?.accessToken === answer.accessToken)
      throw invalid(
        'PortOne answered with the held access token, which has expired',
      );
    this.warn(
      "The Date of PortOne's answer is later than the token's expiry; only exp - iat is used.",
    );
    return lifetime.ms;
  }
}

/** When the pair was requested, by the store's clock. Our own clock only measures the time since the store gave its stamp. */
const writtenAt = (
  { generation, storeTimeMs }: RecordStamp,
  stampedAt: Instant,
  sentAt: Instant,
) => ({
  generation,
  bornAtMs: storeTimeMs + (sentAt.monotonic - stampedAt.monotonic),
});

const invalid = (detail: string) =>
  new TokenCallFailure('PORTONE_TOKEN_RESPONSE_INVALID', detail);
