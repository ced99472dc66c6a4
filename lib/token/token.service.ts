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

/** The access token of one PortOne client, which all callers share. It is renewed before it expires. */
export class TokenService
  implements
    OnModuleInit,
    OnApplicationBootstrap,
    OnModuleDestroy,
    OnApplicationShutdown
{
  /**
   * Everything that happens to the token. No event holds a token. Completes when the application has shut down. Subscribers
   * are called in the async context in which the client was made, not in that of a request.
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
   * The access token: at once while it is usable, otherwise after the renewal that all callers share. `signal` ends only this
   * caller's wait.
   *
   * @throws TokenUnavailableError when no token is available now
   * @throws CredentialsRejectedError when PortOne rejects the API secret
   */
  async getAccessToken(options?: { signal?: AbortSignal }): Promise<string> {
    const signal = options?.signal;
    signal?.throwIfAborted();
    return this.peekAccessToken() ?? (await this.next(signal)).accessToken;
  }

  /** The access token without waiting; undefined when there is no usable one. A stale token is renewed in the background. */
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

  /** The permissions of the expression that our own token lacks, in order; all of them when there is no usable token. */
  missingPermissions(expression: PermissionExpression): string[] {
    return missingPermissions(this.granted(), expression);
  }

  /**
   * Forces one renewal; calls at the same time share it. While a good token is held, at most one renewal a second is made: a
   * call within that second resolves without a renewal. Obeys the backoff, and throws as {@link getAccessToken} does.
   */
  async renew(): Promise<void> {
    await this.#renewal.renewNow();
  }

  /**
   * Discards the access token, if it is still the current one, and renews it. While renewals fail, it is still handed out.
   * Does nothing during a pause of forced renewals, or if the token was fetched because of a 401 less than 10 s ago.
   */
  invalidate(accessToken: string): void {
    if (this.#life.invalidated(accessToken)) this.#renewal.renewInBackground();
  }

  /** The token's state now. Holds no secret. */
  snapshot(): TokenSnapshot {
    const { client } = this.#options;
    return snapshotOf(client, this.#life, {
      shared: this.#chain.isShared,
      ...(this.#chain.isSharingLost && { sharingLost: true }),
      ...this.calls.counters,
      waiting: this.#renewal.waiting.count,
    });
  }

  /** Logs a warning, but the same text only once. @internal */
  warnOnce(message: string): void {
    this.#reporter.warnOnce(message);
  }

  /** Emits an event of the permission guard on `events$`. @internal */
  report(happening: TokenHappening): void {
    this.#reporter.emit(happening);
  }

  /** Starts the schedule of renewals, and adds this client to those that get a token at boot. Called by Nest. */
  onModuleInit(): void {
    const { renewal, appClients } = this.#options;
    if (renewal.background) this.#schedule = this.#renewal.keepRenewed();
    appClients.add({
      boot: (signal) => this.boot(signal),
      drain: () => this.onModuleDestroy(),
      close: () => this.onApplicationShutdown(),
    });
  }

  /** Waits for the first token. Not in `onModuleInit`: there the app's own modules may still connect the store or prepare the secret. */
  async onApplicationBootstrap(): Promise<void> {
    const problems = this.#options.store.bootProblems?.() ?? [];
    for (const problem of problems) this.#reporter.warn(problem);
    await this.booted();
    const { eager, renewal } = this.#options;
    // The schedule is closed when the app was closed while it booted.
    if (eager && !this.#life.held && !this.#schedule?.closed)
      this.#reporter.warn(
        renewal.background
          ? 'Started without an access token; the renewal is tried again in the background.'
          : 'Started without an access token; the next call that needs it tries again.',
      );
  }

  /**
   * For a hook that needs a token at boot. Resolves when all clients of the application have their first tokens, or after 3 s.
   * The value is what is left of the 3 s, in milliseconds. Rejects with the error that stops the boot.
   * @internal
   */
  booted(): Promise<number> {
    const { appClients, scheduler } = this.#options;
    return appClients.booted(scheduler);
  }

  /** If `isNeeded` answers true, the first token is fetched at boot even when the client is not eager. @internal */
  neededAtBoot(isNeeded: () => boolean): void {
    this.#isNeededAtBoot = isNeeded;
  }

  /** Ends the schedule. Requests that Nest still drains get a token until the server is closed. Called by Nest. */
  async onModuleDestroy(): Promise<void> {
    this.#schedule?.unsubscribe();
    await this.#renewal.drain();
  }

  /** Ends everything. Called by Nest when the server is closed. */
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

  /** The token of the renewal in flight, or of one that starts now. If the renewal fails, the held token while it is valid. */
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
