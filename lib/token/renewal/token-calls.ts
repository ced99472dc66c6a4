import type { TokenAnswer } from '../../portone/token-answer.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import type { Clock, Instant } from '../../time/clock.js';
import type { ClientTelemetry } from '../report/telemetry.js';

/** How a token is renewed. `auto`: by refresh, or by login for a while when other processes invalidate the refresh token. */
export type RenewalStrategy = 'auto' | 'refresh' | 'login';

/** After another process has invalidated the refresh token, this many renewals log in before a refresh is tried again. */
const LOGINS_AFTER_REJECTION = 10;

/** The two token calls of PortOne. */
export interface TokenCalls {
  login(apiSecret: string, signal: AbortSignal): Promise<TokenAnswer>;
  refresh(refreshToken: string, signal: AbortSignal): Promise<TokenAnswer>;
}

/** The same token calls, each reported to the telemetry. */
export const observedCalls = (
  calls: TokenCalls,
  telemetry: ClientTelemetry,
): TokenCalls => ({
  login: (apiSecret, signal) =>
    telemetry.tokenCall('login', () => calls.login(apiSecret, signal)),
  refresh: (refreshToken, signal) =>
    telemetry.tokenCall('refresh', () => calls.refresh(refreshToken, signal)),
});

/** A pair of tokens, and how it was obtained. */
export interface ObtainedPair extends TokenAnswer {
  readonly method: 'login' | 'refresh';
  /** When its request was sent: PortOne cannot have issued the pair earlier. */
  readonly sentAt: Instant;
}

/** Makes the token calls of one renewal: a login, or a refresh, or a refresh that is rejected and then a login. */
export class TokenRenewer {
  /** The refresh token that was sent last. PortOne may have used it up even if the answer was lost. */
  #lastSent?: string;
  /** The refresh token that PortOne rejected last; it is not sent again. */
  #rejected?: string;
  private loginsLeft = 0;
  private hasWarned = false;

  constructor(
    private readonly portone: TokenCalls,
    private readonly clock: Clock,
    private readonly strategy: RenewalStrategy,
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * @param refreshToken one that has not expired, if there is one
   * @throws TokenCallFailure; `facts.rejected` when PortOne rejects the secret
   */
  async renew(
    refreshToken: string | undefined,
    apiSecret: string,
    signal: AbortSignal,
  ): Promise<ObtainedPair> {
    const isUsable =
      refreshToken !== undefined && refreshToken !== this.#rejected;
    if (isUsable && this.strategy !== 'login') {
      if (this.loginsLeft > 0) this.loginsLeft -= 1;
      else {
        const answer = await this.refresh(refreshToken, signal);
        if (answer) return answer;
      }
    }
    return this.login(apiSecret, signal);
  }

  private async login(
    apiSecret: string,
    signal: AbortSignal,
  ): Promise<ObtainedPair> {
    const sentAt = this.clock.now();
    const answer = await this.portone.login(apiSecret, signal);
    return { ...answer, method: 'login', sentAt };
  }

  /** Undefined when PortOne rejects the refresh token; then the caller logs in. */
  private async refresh(
    refreshToken: string,
    signal: AbortSignal,
  ): Promise<ObtainedPair | undefined> {
    const sentAt = this.clock.now();
    const isRepeated = refreshToken === this.#lastSent;
    this.#lastSent = refreshToken;
    try {
      const answer = await this.portone.refresh(refreshToken, signal);
      return { ...answer, method: 'refresh', sentAt };
    } catch (error) {
      if (!isRejected(error)) throw error;
      this.#rejected = refreshToken;
      // Our own first call may have used it up although its answer was lost, so this does not show another process.
      if (isRepeated) return undefined;
      if (this.strategy === 'auto') this.loginsLeft = LOGINS_AFTER_REJECTION;
      this.warnOnce();
      return undefined;
    }
  }

  private warnOnce(): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.warn(
      'PortOne rejected a refresh token that had not expired. Most likely another process logs in with this API secret: ' +
        'each login invalidates all earlier refresh tokens. For now, the token is renewed by login. To avoid this, let all ' +
        'processes use one shared store.',
    );
  }
}

const isRejected = (error: unknown): boolean =>
  error instanceof TokenCallFailure && error.facts.rejected === true;
