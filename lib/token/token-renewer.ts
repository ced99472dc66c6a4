import type { PortOneAuthClient } from '../portone/portone-auth.client.js';
import type { TokenAnswer } from '../portone/token-answer.js';
import { TokenCallFailure } from '../portone/token-call.failure.js';
import type { Clock } from './clock.js';
import { HeldToken, lifetimeOf, type RenewalTiming } from './held-token.js';

/** How a token is renewed: `auto` prefers the refresh token, and logs in for a while when others keep killing it. */
export type RenewalStrategy = 'auto' | 'refresh' | 'login';

/** After a refresh token was killed by somebody else, so many renewals log in before a refresh is tried again. */
const LOGINS_AFTER_REFUSAL = 10;

/** PortOne refuses the API secret itself; the message is what it said. */
export class LoginRefused extends Error {}

/** Makes the token calls of one renewal and turns the answer into a held token. Decides nothing about when. */
export class TokenRenewer {
  private loginsLeft = 0;
  private hasWarned = false;

  constructor(
    private readonly portone: PortOneAuthClient,
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly options: {
      readonly strategy: RenewalStrategy;
      readonly timing: RenewalTiming;
    },
    private readonly warn: (message: string) => void,
  ) {}

  /** Throws {@link TokenCallFailure}, or {@link LoginRefused} when the secret is the problem. */
  async renew(
    held: HeldToken | undefined,
    apiSecret: string,
    signal: AbortSignal,
  ): Promise<HeldToken> {
    if (held && held.apiSecret === apiSecret && this.mayRefresh(held)) {
      const refreshed = await this.refresh(held, signal);
      if (refreshed) return refreshed;
    } else if (this.loginsLeft > 0) {
      this.loginsLeft -= 1;
    }
    return this.hold(apiSecret, () =>
      this.portone.login(apiSecret, signal).catch((error: unknown) => {
        throw error instanceof TokenCallFailure && error.facts.refused
          ? new LoginRefused(error.detail)
          : error;
      }),
    );
  }

  private mayRefresh(held: HeldToken): boolean {
    return (
      this.options.strategy !== 'login' &&
      this.loginsLeft === 0 &&
      held.isRefreshable(this.clock)
    );
  }

  /** Undefined when PortOne refuses the refresh token: the caller logs in, in the same flight. */
  private async refresh(
    held: HeldToken,
    signal: AbortSignal,
  ): Promise<HeldToken | undefined> {
    try {
      return await this.hold(held.apiSecret, () =>
        this.portone.refresh(held.answer.refreshToken, signal),
      );
    } catch (error) {
      if (!(error instanceof TokenCallFailure && error.facts.refused))
        throw error;
      if (this.options.strategy === 'auto')
        this.loginsLeft = LOGINS_AFTER_REFUSAL;
      if (!this.hasWarned) {
        this.hasWarned = true;
        this.warn(
          'PortOne refused a refresh token that had not expired: another process logs in with this API secret, and each ' +
            "login kills the others' refresh tokens. Renewing by login for now; a shared store cures it.",
        );
      }
      return undefined;
    }
  }

  private async hold(
    apiSecret: string,
    call: () => Promise<TokenAnswer>,
  ): Promise<HeldToken> {
    const sentAt = this.clock.now();
    const answer = await call();
    const lifetime = lifetimeOf(answer);
    if (!lifetime) {
      throw new TokenCallFailure(
        'PORTONE_TOKEN_RESPONSE_INVALID',
        'the lifetime of the new access token is a second or less',
      );
    }
    if (lifetime.dateIgnored) {
      this.warn(
        "The Date of PortOne's answer is past the token's expiry; relying on exp - iat alone.",
      );
    }
    return new HeldToken(
      answer,
      apiSecret,
      sentAt,
      lifetime.ms,
      this.options.timing,
      this.random,
    );
  }
}
