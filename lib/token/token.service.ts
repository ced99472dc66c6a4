import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import {
  firstValueFrom,
  from,
  race,
  Subject,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import { isCredentialsRejectedError } from '../errors/index.js';
import type { AccessTokenClaims } from '../portone/jwt-claims.js';
import { grantedPermissions } from '../portone/granted-permissions.js';
import {
  isGranted,
  missingPermissions,
  type PermissionExpression,
} from '../portone/permission.js';
import { abortable } from './deadline.js';
import type { RenewalCause } from './flight.js';
import { HeldToken, type ChainedToken } from './held-token.js';
import { Renewal } from './renewal.js';
import { RenewalBackoff } from './renewal-backoff.js';
import { RenewalPause } from './renewal-pause.js';
import { renewalSchedule } from './renewal-schedule.js';
import { SecretSource } from './secret-source.js';
import type { TokenChain } from './token-chain.js';
import type { TokenEvent, TokenHappening } from './token-events.js';
import type { TokenReporter } from './token-reporter.js';
import type { TokenServiceOptions } from './token-service-options.js';
import { TokenRefusals } from './token-refusals.js';
import { snapshotOf, type TokenSnapshot } from './token-snapshot.js';

const EAGER_WAIT_MS = 3_000;

type TokenAndClaims = Pick<ChainedToken, 'accessToken' | 'claims'>;

/** The access token of one PortOne client: always there, renewed ahead of time, shared by all callers. */
export class TokenService implements OnModuleInit, OnModuleDestroy {
  /** What happens to the token, as it happens; completes when the module is destroyed. Holds no token. */
  readonly events$: Observable<TokenEvent>;
  /** @internal for the HTTP layer */
  readonly refusals: TokenRefusals;
  readonly #options: TokenServiceOptions;
  readonly #reporter: TokenReporter;
  readonly #rearm = new Subject<void>();
  readonly #backoff: RenewalBackoff;
  readonly #chain: TokenChain;
  readonly #renewal: Renewal;
  readonly #pause: RenewalPause;
  #held?: HeldToken;
  #schedule?: Subscription;

  /** @internal made by `createTokenService` */
  constructor(
    options: TokenServiceOptions,
    chain: TokenChain,
    reporter: TokenReporter,
  ) {
    const { client, clock, random, renewal } = options;
    const secret = new SecretSource(options.apiSecret);
    this.#options = options;
    this.#chain = chain;
    this.#reporter = reporter;
    this.events$ = reporter.events$;
    this.#pause = new RenewalPause(clock, (why, ms) =>
      reporter.paused(why, ms),
    );
    this.#backoff = new RenewalBackoff(
      client,
      renewal.backoff,
      secret.isDynamic,
      clock,
      random,
      () => this.#held?.diesInMs ?? 0,
    );
    this.#renewal = new Renewal({
      ...options,
      secret,
      chain,
      backoff: this.#backoff,
      held: () => this.#held?.token,
      isUrgent: () => !this.#held?.isUsable,
      onSuccess: (token, cause) => this.commit(token, cause),
      onFailure: (error) =>
        reporter.failed(error, this.#backoff.consecutiveFailures),
      onSettled: () => this.#rearm.next(),
    });
    this.refusals = new TokenRefusals({
      renewal: this.#renewal,
      pause: this.#pause,
      held: () => this.#held,
      peek: () => this.peekAccessToken(),
      discard: (held) => this.discard(held),
    });
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
    const held = this.#held;
    if (!held || (!held.isUsable && !this.isLastResort(held))) return undefined;
    if (held.state !== 'fresh') this.#renewal.nudge();
    return held.accessToken;
  }

  /** The decoded claims of our own token. Throws as {@link getAccessToken} does. */
  async getClaims(): Promise<AccessTokenClaims> {
    if (this.peekAccessToken() && this.#held) return this.#held.claims;
    return (await this.next()).claims;
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
    this.refusals.invalidated(accessToken);
  }

  /** The token's condition now. Holds no secret. */
  snapshot(): TokenSnapshot {
    return snapshotOf({
      client: this.#options.client,
      held: this.#held,
      backoff: this.#backoff,
      dueInMs: this.dueInMs(),
      pausedForMs: this.#pause.remainingMs,
      shared: this.#chain.isShared,
    });
  }

  /** Puts what the permission guard has seen on `events$`. @internal */
  report(happening: TokenHappening): void {
    this.#reporter.emit(happening);
  }

  async onModuleInit(): Promise<void> {
    const { scheduler, eager, renewal } = this.#options;
    if (renewal.background) {
      this.#schedule = renewalSchedule(
        this.#rearm,
        () => this.dueInMs(),
        scheduler,
      ).subscribe(() => this.#renewal.nudge());
    }
    if (!eager) return;
    const first = this.getAccessToken().catch((error: unknown) => {
      if (isCredentialsRejectedError(error)) throw error;
    });
    await firstValueFrom(race(from(first), timer(EAGER_WAIT_MS, scheduler)));
    if (!this.#held)
      this.#reporter.warn(
        'Started without an access token; it is being tried again in the background.',
      );
  }

  async onModuleDestroy(): Promise<void> {
    this.#schedule?.unsubscribe();
    this.#rearm.complete();
    await this.#renewal.close();
    this.#reporter.complete();
  }

  /** The token of the renewal in flight, or begun now; when that fails, the one there is, as long as it may live. */
  private async next(): Promise<TokenAndClaims> {
    try {
      return await this.#renewal.join();
    } catch (error) {
      const held = this.#held;
      if (!held || !this.isLastResort(held)) throw error;
      return held;
    }
  }

  /** While PortOne cannot renew it, a token that may die on the way is better than none. One that may be dead has to be all there is. */
  private isLastResort(held: HeldToken): boolean {
    if (!this.#backoff.lastError || held.diesInMs === 0) return false;
    return !held.mayBeDead || !this.#renewal.canBegin;
  }

  /** It is renewed at once, or as soon as the backoff allows: which may be earlier without it. */
  private discard(held: HeldToken): void {
    held.discard();
    this.#reporter.emit({ type: 'invalidated' });
    this.#renewal.nudge('forced');
    this.#rearm.next();
  }

  private granted(): readonly string[] {
    return this.peekAccessToken() ? grantedPermissions(this.#held?.claims) : [];
  }

  private dueInMs(): number | undefined {
    if (this.#renewal.isUnderWay) return undefined;
    if (this.#backoff.lastError) return this.#backoff.leftMs;
    return this.#held?.renewsInMs;
  }

  private commit(token: ChainedToken, cause: RenewalCause): void {
    const { clock, renewal, random } = this.#options;
    const before = this.#held;
    this.#held = new HeldToken(token, clock, renewal, random);
    const isForced = cause === 'forced';
    if (isForced && !token.isAdopted) this.#pause.brought(token.accessToken);
    // What a refusal asked for proves nothing yet, and the same token once more is no better than it was.
    if (!isForced && before?.accessToken !== token.accessToken)
      this.#pause.end();
    this.#reporter.committed(before, this.#held);
  }
}
