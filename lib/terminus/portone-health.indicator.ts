import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  HealthIndicatorService,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { AuthConfigurationError } from '../errors/index.js';
import {
  DEFAULT_CLIENT,
  getTokenServiceToken,
} from '../token/token-service.token.js';
import type { TokenSnapshot } from '../token/report/token-snapshot.js';
import type { TokenService } from '../token/token.service.js';

/** How long a check waits for the first token of a client, in ms. */
const FIRST_TOKEN_MS = 3_000;

/** The fields beside `status` in the result: the state of the token, never the token. All times in ms. */
export type PortOneHealth = Omit<TokenSnapshot, 'client'>;

/** Which client is checked, and how its state is reported. */
export interface PortOneHealthOptions {
  /** The name of the client. Default: the default client. */
  readonly client?: string;
  /**
   * What to report while the token is usable but something is wrong: renewals fail or are paused, or the token is no longer
   * shared. Default `degraded`; on Terminus 11, which has no such status, that is reported as `up`.
   */
  readonly degraded?: 'degraded' | 'up' | 'down';
}

/**
 * Reports to @nestjs/terminus 11 or 12 whether a client has a usable access token. Use it for readiness, not for liveness: a
 * restart does not end an outage of PortOne, and costs a login.
 *
 * @example
 * `health.check([() => portone.isHealthy('portone')])`
 */
@Injectable()
export class PortOneHealthIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * `up` with a usable token, `degraded` when the token is usable but something else is wrong, `down` without a token. When
   * there is no token yet, as with `eager: false`, it waits for one, for 3 s at most.
   *
   * @throws AuthConfigurationError when no AuthModule registers the client
   */
  async isHealthy<const Key extends string>(
    key: Key,
    {
      client = DEFAULT_CLIENT,
      degraded = 'degraded',
    }: PortOneHealthOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const indicator = this.health.check(key);
    const tokens = this.tokensOf(client);
    const hasToken = await hasUsableToken(tokens);
    const { client: _, ...health } = tokens.snapshot();
    if (!hasToken) return indicator.down(health);
    if (!isImpaired(health) || degraded === 'up') return indicator.up(health);
    if (degraded === 'down') return indicator.down(health);
    // Terminus 11 has no such status.
    const isKnown = (indicator as Partial<typeof indicator>).degraded;
    return isKnown ? indicator.degraded(health) : indicator.up(health);
  }

  private tokensOf(client: string): TokenService {
    try {
      return this.moduleRef.get<TokenService>(getTokenServiceToken(client), {
        strict: false,
      });
    } catch {
      throw new AuthConfigurationError([
        {
          field: 'client',
          message: `no AuthModule registers the client '${client}' that the health check names`,
        },
      ]);
    }
  }
}

/** During a backoff `getAccessToken` fails at once, so a health check adds no token call to an outage. */
async function hasUsableToken(tokens: TokenService): Promise<boolean> {
  if (tokens.peekAccessToken() !== undefined) return true;
  const signal = AbortSignal.timeout(FIRST_TOKEN_MS);
  return tokens.getAccessToken({ signal }).then(
    () => true,
    () => false,
  );
}

const isImpaired = ({
  consecutiveFailures,
  pausedForMs = 0,
  sharingLost = false,
}: PortOneHealth): boolean =>
  consecutiveFailures > 0 || pausedForMs > 0 || sharingLost;
