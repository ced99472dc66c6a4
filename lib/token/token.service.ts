import type {
  OnApplicationBootstrap,
  OnModuleDestroy,
  OnModuleInit,
} from '@nestjs/common';
import {
  firstValueFrom,
  from,
  race,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import { surviveProxies } from '../provider/survive-proxies.js';
import { isCredentialsRejectedError } from '../errors/index.js';
import type { AccessTokenClaims } from '../portone/jwt-claims.js';
import { grantedPermissions } from '../portone/permission-names.js';
import {
  isGranted,
  missingPermissions,
  type PermissionExpression,
} from '../portone/permission-expression.js';
import { abortable } from './renewal/deadline.js';
import type { HeldToken } from './life/held-token.js';
import { Renewal } from './renewal/renewal.js';
import { renewalSchedule } from './renewal/renewal-schedule.js';
import type { TokenChain } from './renewal/token-chain.js';
import type { TokenEvent, TokenHappening } from './token-events.js';
import { TokenLife } from './life/token-life.js';
import type { TokenReporter } from './token-reporter.js';
import type { TokenServiceOptions } from './token-service-options.js';
import { snapshotOf, type TokenSnapshot } from './token-snapshot.js';

const EAGER_WAIT_MS = 3_000;

/** The access token of one PortOne client: always there, renewed ahead of time, shared by all callers. */
export class TokenService
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy
{
  /** What happens to the token, as it happens; completes when the module is destroyed. Holds no token. */
  readonly events$: Observable<TokenEvent>;
  readonly #options: TokenServiceOptions;
  readonly #reporter: TokenReporter;
  readonly #chain: TokenChain;
  readonly #life: TokenLife;
  readonly #renewal: Renewal;
  #schedule?: Subscription;

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
  }

  /**
   * The access token: at once while it is usable, else after the one renewal in flight. `signal` ends this wait only.
   *
   * @throws TokenUnavailableError when none can be had now
   * @throws CredentialsRejectedError when PortOne refuses the API secret
   */
  async getAccessToken(options?: { signal?: AbortSignal }): Promise<string> {
    options?.signal?.throwIfAborted();
    return (
      this.peekAccessToken() ??
      (await abortable(this.next(), options?.signal)).accessToken
    );
  }

  /** The access token without waiting; undefined when there is no usable one. A stale one is renewed behind the caller. */
  peekAccessToken(): string | undefined {
    const { current } = this.#life;
    if (current && current.state !== 'fresh') this.#renewal.nudge();
    return current?.accessToken;
  }

  /** The decoded claims of our own token. Throws as {@link getAccessToken} does. */
  async getClaims(): Promise<AccessTokenClaims> {
    const { held } = this.#life;
    return this.peekAccessToken() && held
      ? held.claims
      : (await this.next()).claims;
  }

  /** Whether our own token carries the permission; false when there is no usable token. */
  hasPermission(expression: PermissionExpression): boolean {
    return isGranted(this.granted(), expression);
  }

  /** What our own token lacks of the expression, in its order; all of it when there is no usable token. */
  missingPermissions(expression: PermissionExpression): string[] {
    return missingPermissions(this.granted(), expression);
  }

  /** Forces one renewal, shared with whoever asks meanwhile. Obeys the backoff; throws as {@link getAccessToken} does. */
  async renew(): Promise<void> {
    await this.#renewal.join();
  }

  /**
   * Discards the access token, if it is still the current one, and renews it. It serves on only while that is impossible.
   * Does nothing during a pause, nor for a token that a refusal has brought within the last 10 s.
   */
  invalidate(accessToken: string): void {
    if (this.#life.invalidated(accessToken)) this.#renewal.nudge();
  }

  /** The token's condition now. Holds no secret. */
  snapshot(): TokenSnapshot {
    const { client } = this.#options;
    return snapshotOf(client, this.#life, this.#chain.isShared);
  }

  /** The token to replay a refused call with, at once or after a renewal; undefined when the 401 is the answer. @internal */
  replacementFor(refused: string): HeldToken | Promise<HeldToken> | undefined {
    const { held } = this.#life;
    if (held && held.accessToken !== refused && this.peekAccessToken())
      return held;
    return this.#life.refused(refused) ? this.#renewal.join() : undefined;
  }

  /** A call that is not replayed was refused: the token is renewed for the next one. @internal */
  notReplayed(refused: string): void {
    if (this.#life.refusedUnheard(refused)) this.#renewal.nudge();
  }

  /** A replay was refused as well, with a token issued after the first refusal. @internal */
  unhealed(refused: string): void {
    this.#life.unhealed(refused);
  }

  /** Logs a warning the first time it is given. @internal */
  warnOnce(message: string): void {
    this.#reporter.warnOnce(message);
  }

  /** Puts what the permission guard has seen on `events$`. @internal */
  report(happening: TokenHappening): void {
    this.#reporter.emit(happening);
  }

  async onModuleInit(): Promise<void> {
    const { scheduler, eager, renewal } = this.#options;
    if (renewal.background) {
      this.#schedule = renewalSchedule(
        this.#life.changes$,
        () => this.#life.dueInMs,
        scheduler,
      ).subscribe(() => this.#renewal.nudge());
    }
    if (!eager) return;
    const first = this.getAccessToken().catch((error: unknown) => {
      if (isCredentialsRejectedError(error)) throw error;
    });
    await firstValueFrom(race(from(first), timer(EAGER_WAIT_MS, scheduler)));
    if (!this.#life.held)
      this.#reporter.warn(
        'Started without an access token; it is being tried again in the background.',
      );
  }

  /** Later than the app's own `onModuleInit`, which may tell the store's client to connect. */
  onApplicationBootstrap(): void {
    const problems = this.#options.store.bootProblems?.() ?? [];
    for (const problem of problems) this.#reporter.warn(problem);
  }

  async onModuleDestroy(): Promise<void> {
    this.#schedule?.unsubscribe();
    await this.#renewal.close();
    this.#reporter.complete();
  }

  /** The token of the renewal in flight, or begun now; when that fails, the one there is, as long as it may live. */
  private async next(): Promise<HeldToken> {
    try {
      return await this.#renewal.join();
    } catch (error) {
      const { current } = this.#life;
      if (!current) throw error;
      return current;
    }
  }

  private granted(): readonly string[] {
    return this.peekAccessToken()
      ? grantedPermissions(this.#life.held?.claims)
      : [];
  }
}
