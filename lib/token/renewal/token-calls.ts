import type { PortOneAuthClient } from '../../portone/portone-auth.client.js';
import type { TokenAnswer } from '../../portone/token-answer.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import type { Clock, Instant } from '../../time/clock.js';

/** How a token is renewed: `auto` prefers the refresh token, and logs in for a while when others keep killing it. */
export type RenewalStrategy = 'auto' | 'refresh' | 'login';

/** After a refresh token was killed by somebody else, so many renewals log in before a refresh is tried again. */
const LOGINS_AFTER_REFUSAL = 10;

/** PortOne's answer, and when the request for it was sent: the pair cannot have been issued earlier. */
export interface SentAnswer {
  readonly answer: TokenAnswer;
  readonly sentAt: Instant;
}

/** PortOne refuses the API secret itself; the message is what it said. */
export class LoginRefused extends Error {}

/** Makes the token calls of one renewal: refresh or login, and login when the refresh is refused. Decides nothing about when. */
export class TokenRenewer {
  /** A spent one, or one that PortOne may have spent without our hearing of it. */
  #lastSent?: string;
  /** What PortOne has refused once it will refuse again. */
  #refused?: string;
  private loginsLeft = 0;
  private hasWarned = false;

  constructor(
    private readonly portone: PortOneAuthClient,
    private readonly clock: Clock,
    private readonly strategy: RenewalStrategy,
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * @param refreshToken one that has not expired, if there is one
   * @throws TokenCallFailure, or {@link LoginRefused} when the secret is the problem
   */
  async renew(
    refreshToken: string | undefined,
    apiSecret: string,
    signal: AbortSignal,
  ): Promise<SentAnswer> {
    const isOfUse =
      refreshToken !== undefined && refreshToken !== this.#refused;
    if (isOfUse && this.strategy !== 'login') {
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
  ): Promise<SentAnswer> {
    const sentAt = this.clock.now();
    try {
      return { answer: await this.portone.login(apiSecret, signal), sentAt };
    } catch (error) {
      throw isRefused(error) ? new LoginRefused(error.detail) : error;
    }
  }

  /** Undefined when PortOne refuses the refresh token: the caller logs in, in the same flight. */
  private async refresh(
    refreshToken: string,
    signal: AbortSignal,
  ): Promise<SentAnswer | undefined> {
    const sentAt = this.clock.now();
    const isRepeated = refreshToken === this.#lastSent;
    this.#lastSent = refreshToken;
    try {
      const answer = await this.portone.refresh(refreshToken, signal);
      return { answer, sentAt };
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.#refused = refreshToken;
      // Our own first call with it may have spent it, though its answer was lost: nobody else is to blame then.
      if (isRepeated) return undefined;
      if (this.strategy === 'auto') this.loginsLeft = LOGINS_AFTER_REFUSAL;
      this.warnOnce();
      return undefined;
    }
  }

  private warnOnce(): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.warn(
      'PortOne refused a refresh token that had not expired: most likely another process logs in with this API ' +
        "secret, and each login kills the others' refresh tokens. Renewing by login for now; one shared store for all cures it.",
    );
  }
}

const isRefused = (error: unknown): error is TokenCallFailure =>
  error instanceof TokenCallFailure && error.facts.refused === true;
