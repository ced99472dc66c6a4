import type {
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
  OnModuleInit,
} from '@nestjs/common';
import type { Observable, Subscription } from 'rxjs';
import { surviveProxies } from '../provider/survive-proxies.js';
import type { AccessTokenClaims } from '../portone/jwt-claims.js';
import { grantedPermissions } from '../portone/permission-names.js';
import {
  isGranted,
  missingPermissions,
  type PermissionExpression,
} from '../portone/permission-expression.js';
import { firstToken, type AppClients } from './app-clients.js';
import { CallTokens } from './call-tokens.js';
import type { HeldToken } from './life/held-token.js';
import { Renewal } from './renewal/renewal.js';
import type { RenewalOptions } from './renewal/renewal-options.js';
import type { TokenChain } from './renewal/token-chain.js';
import type { TokenEvent, TokenHappening } from './report/token-events.js';
import { TokenLife } from './life/token-life.js';
import type { TokenReporter } from './report/token-reporter.js';
import { snapshotOf, type TokenSnapshot } from './report/token-snapshot.js';

/** What a token service needs: checked options, and time, which tests replace. */
export interface TokenServiceOptions extends RenewalOptions {
  readonly eager: boolean;
  /** All clients of the same application. */
  readonly appClients: AppClients;
  readonly renewal: RenewalOptions['renewal'] & {
    readonly background: boolean;
  };
}

/** The access token of one PortOne client: always there, renewed ahead of time, shared by all callers. */
export class TokenService
  implements
    OnModuleInit,
    OnApplicationBootstrap,
    OnModuleDestroy,
    OnApplicationShutdown
{
  /**
   * What happens to the token, as it happens; completes when the application has shut down. Holds no token. Subscribers
   * run in the async context in which the client was made, not in that of a request.
   */
  readonly events$: Observable<TokenEvent>;
  /** @internal */
  readonly calls: CallTokens;
  readonly #options: TokenServiceOptions;
  readonly #reporter: TokenReporter;
  readonly #chain: TokenChain;
  readonly #life: TokenLife;
  readonly #renewal: Renewal;
  #schedule?: Subscription;
  #isNeededAtBoot = () => false;

  /** @internal made by `createTokenService` */
  constructor(
    options: TokenServiceOptions,
    chain: TokenChain,
    reporter: TokenReporter,
  ) {
    surviveProxies(this);
    this.#options = options;
    this.#chain = chain;
    this.#reporter = reporter;
    this.events$ = reporter.events$;
    this.#life = new TokenLife(options, reporter);
    this.#renewal = new Renewal(this.#life, chain, options);
    this.calls = new CallTokens(this.#life, this.#renewal, reporter);
  }

  /**
   * The access token: at once while it is usable, else after the one renewal in flight. `signal` ends this wait only.
   *
   * @throws TokenUnavailableError when none can be had now
   * @throws CredentialsRejectedError when PortOne rejects the API secret
   */
  async getAccessToken(options?: { signal?: AbortSignal }): Promise<string> {
    const signal = options?.signal;
    signal?.throwIfAborted();
    return this.peekAccessToken() ?? (await this.next(signal)).accessToken;
  }

  /** The access token without waiting; undefined when there is no usable one. A stale one is renewed behind the caller. */
  peekAccessToken(): string | undefined {
    return this.#renewal.current()?.accessToken;
  }

  /** The decoded claims of our own token. Throws as {@link getAccessToken} does. */
  async getClaims(): Promise<AccessTokenClaims> {
    const token = this.#renewal.current() ?? (await this.next());
    return token.claims;
  }

  /** Whether our own token carries the permission; false when there is no usable token. */
  hasPermission(expression: PermissionExpression): boolean {
    return isGranted(this.granted(), expression);
  }

  /** What our own token lacks of the expression, in its order; all of it when there is no usable token. */
  missingPermissions(expression: PermissionExpression): string[] {
    return missingPermissions(this.granted(), expression);
  }

  /**
   * Forces one renewal; calls at the same time share it. While a good token is held, at most one a second is made: a call
   * within that second resolves without a renewal. Obeys the backoff; throws as {@link getAccessToken} does.
   */
  async renew(): Promise<void> {
    await this.#renewal.ask();
  }

  /**
   * Discards the access token, if it is still the current one, and renews it. While renewals fail, it is still handed out.
   * Does nothing during a pause, nor for a token that was fetched because of a 401 within the last 10 s.
   */
  invalidate(accessToken: string): void {
    if (this.#life.invalidated(accessToken)) this.#renewal.nudge();
  }

  /** The token's condition now. Holds no secret. */
  snapshot(): TokenSnapshot {
    const { client } = this.#options;
    return snapshotOf(client, this.#life, {
      shared: this.#chain.isShared,
      ...(this.#chain.isSharingLost && { sharingLost: true }),
      ...this.calls.counters,
      waiting: this.#renewal.waiting.count,
    });
  }

  /** Logs a warning the first time it is given. @internal */
  warnOnce(message: string): void {
    this.#reporter.warnOnce(message);
  }

  /** Puts what the permission guard has seen on `events$`. @internal */
  report(happening: TokenHappening): void {
    this.#reporter.emit(happening);
  }

  /** Begins the schedule and the wait for the first token; called by Nest. */
  onModuleInit(): void {
    const { renewal, appClients } = this.#options;
    if (renewal.background) this.#schedule = this.#renewal.keepRenewed();
    appClients.add({
      boot: (signal) => this.boot(signal),
      drain: () => this.onModuleDestroy(),
    });
  }

  /** Later than the app's own `onModuleInit`, which may tell the store's client to connect, or prepare the secret. */
  async onApplicationBootstrap(): Promise<void> {
    const problems = this.#options.store.bootProblems?.() ?? [];
    for (const problem of problems) this.#reporter.warn(problem);
    await this.booted();
    if (this.#options.eager && !this.#life.held)
      this.#reporter.warn(
        'Started without an access token; it is being tried again in the background.',
      );
  }

  /**
   * Resolves when the clients of the application have their first tokens, or after 3 s, with the milliseconds that are left of
   * these. Every hook that needs a token may wait for it, whichever hook Nest calls first. Rejects with what stops the boot.
   * @internal
   */
  booted(): Promise<number> {
    const { appClients, scheduler } = this.#options;
    return appClients.booted(scheduler);
  }

  /** Gets the first token at boot if a later hook needs it, even when the client is not eager. @internal */
  neededAtBoot(isNeeded: () => boolean): void {
    this.#isNeededAtBoot = isNeeded;
  }

  /** Ends the schedule. Nest still drains requests: they are served until the server is closed. */
  async onModuleDestroy(): Promise<void> {
    this.#schedule?.unsubscribe();
    await this.#renewal.drain();
  }

  /** Ends everything; called by Nest when the server is closed. */
  async onApplicationShutdown(): Promise<void> {
    this.#schedule?.unsubscribe();
    await this.#renewal.close();
    this.#reporter.complete();
  }

  private async boot(signal: AbortSignal): Promise<void> {
    const { client, eager } = this.#options;
    const get = () => this.getAccessToken({ signal });
    if (eager)
      await firstToken(get, client, () => this.#renewal.isSecretMissing);
    else if (this.#isNeededAtBoot()) await get().catch(() => undefined);
  }

  /**
   * The token of the renewal in flight, or of one that starts now. If it fails, the held token, as long as it may be alive.
   */
  private async next(signal?: AbortSignal): Promise<HeldToken> {
    try {
      return await this.#renewal.join(signal);
    } catch (error) {
      signal?.throwIfAborted();
      const { current } = this.#life;
      if (!current) throw error;
      return current;
    }
  }

  private granted(): readonly string[] {
    const token = this.#renewal.current();
    return token ? grantedPermissions(token.claims) : [];
  }
}
