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

/** What it takes to get a pair from PortOne. */
export interface PairRequest {
  /** What this instance holds. */
  readonly held: ChainedToken | undefined;
  readonly apiSecret: string;
  readonly signal: AbortSignal;
  /** Whether the held token still serves callers. */
  isServing(): boolean;
  /** Undefined unless PortOne has refused the held token. */
  cure(): Cure | undefined;
  /** Runs the token calls under the deadline of the renewal. */
  call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** A pair of our own, and what the store keeps of it. */
export interface OwnPair {
  readonly token: ChainedToken;
  readonly record: RenewedRecord;
}

/** Gets pairs from PortOne, checks their age, and seals them. */
export class OwnPairs {
  constructor(
    private readonly renewer: TokenRenewer,
    private readonly clock: Clock,
    private readonly warn: (message: string) => void,
  ) {}

  /** @param current the record whose refresh token may be used; without one it is a login */
  async obtain(
    seal: PairSeal,
    request: PairRequest,
    current?: TokenRecord,
    stamp?: RecordStamp,
  ): Promise<OwnPair> {
    const { apiSecret, call, signal } = request;
    const granted = this.clock.now();
    signal.throwIfAborted();
    // Never a refresh token from memory: another instance may have used it.
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
          ...(stamp && { written: writtenAt(stamp, granted, since) }),
        }),
        expiresInMs: lifetimeMs - elapsed(this.clock, since),
      },
    };
  }

  private lifetimeOf(answer: ObtainedPair, request: PairRequest): number {
    const lifetime = lifetimeOf(answer);
    if (!lifetime)
      throw invalid('the lifetime of the new access token is a second or less');
    // PortOne's answer may repeat an older token: `iat` shows it.
    const heldIat = request.held?.claims.iat ?? 0;
    const isOlder = heldIat - answer.claims.iat > PORTONE_SKEW_S;
    if (isOlder && request.isServing())
      throw invalid('the new access token is older than the one it replaces');
    if (!lifetime.isDateIgnored) return lifetime.ms;
    if (request.held?.accessToken === answer.accessToken)
      throw invalid('the new access token is the one it replaces, and dead');
    this.warn(
      "The Date of PortOne's answer is past the token's expiry; relying on exp - iat alone.",
    );
    return lifetime.ms;
  }
}

/** The birth by the store's clock. Our own clock only measures the time since the store told its own. */
const writtenAt = (
  { generation, storeTimeMs }: RecordStamp,
  granted: Instant,
  sentAt: Instant,
) => ({
  generation,
  bornAtMs: storeTimeMs + (sentAt.monotonic - granted.monotonic),
});

const invalid = (detail: string) =>
  new TokenCallFailure('PORTONE_TOKEN_RESPONSE_INVALID', detail);
