import {
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import {
  firstValueFrom,
  from,
  race,
  Subject,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import {
  isCredentialsRejectedError,
  TokenUnavailableError,
  type PortOneAuthError,
} from '../errors/index.js';
import type { AccessTokenClaims } from '../portone/jwt-claims.js';
import type { PortOneAuthClient } from '../portone/portone-auth.client.js';
import { grantedPermissions } from '../portone/granted-permissions.js';
import {
  isGranted,
  missingPermissions,
  type PermissionExpression,
} from '../portone/permission.js';
import { abortable } from './deadline.js';
import { elapsed } from './clock.js';
import type { HeldToken } from './held-token.js';
import { Renewal } from './renewal.js';
import { RenewalPause } from './renewal-pause.js';
import { renewalSchedule } from './renewal-schedule.js';
import { SecretSource } from './secret-source.js';
import type { TokenEvent, TokenHappening } from './token-events.js';
import { TokenRenewer } from './token-renewer.js';
import type { TokenServiceOptions } from './token-service-options.js';
import type { TokenSnapshot, TokenState } from './token-snapshot.js';

const EAGER_WAIT_MS = 3_000;

/** The access token of one PortOne client: always there, renewed ahead of time, shared by all callers. */
export class TokenService implements OnModuleInit, OnModuleDestroy {
  /** What happens to the token, as it happens; completes when the module is destroyed. Holds no token. */
  readonly events$: Observable<TokenEvent>;
  readonly #options: TokenServiceOptions;
  readonly #events = new Subject<TokenEvent>();
  readonly #settled = new Subject<void>();
  readonly #renewal: Renewal;
  readonly #pause: RenewalPause;
  readonly #logger: Logger;
  #held?: HeldToken;
  #refused?: string;
  #schedule?: Subscription;

  constructor(options: TokenServiceOptions, portone: PortOneAuthClient) {
    const { client, clock, scheduler, random, renewal } = options;
    this.#options = options;
    this.events$ = this.#events.asObservable();
    this.#logger = new Logger(`PortOneAuth:${client}`);
    this.#pause = new RenewalPause(clock);
    this.#renewal = new Renewal({
      client,
      clock,
      scheduler,
      random,
      secret: new SecretSource(options.apiSecret),
      renewer: new TokenRenewer(
        portone,
        clock,
        random,
        { strategy: renewal.strategy, timing: renewal },
        (message) => this.#logger.warn(message),
      ),
      tokenTimeout: options.tokenTimeout,
      backoff: renewal.backoff,
      held: () => this.#held,
      onSuccess: (token) => this.commit(token),
      onFailure: (error) => this.reportFailure(error),
      onSettled: () => this.#settled.next(),
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
    const token =
      this.peekAccessToken() ??
      (await abortable(this.#renewal.join(), options?.signal)).accessToken;
    return token;
  }

  /** The access token without waiting; undefined when there is no usable one. A stale one is renewed behind the caller. */
  peekAccessToken(): string | undefined {
    const state = this.#held?.state(this.#options.clock);
    if (state === undefined || state === 'expired') return undefined;
    if (state === 'stale') this.renewBehind();
    return this.#held?.accessToken;
  }

  /** The decoded claims of our own token. Throws as {@link getAccessToken} does. */
  async getClaims(): Promise<AccessTokenClaims> {
    if (this.peekAccessToken() && this.#held) return this.#held.answer.claims;
    return (await this.#renewal.join()).answer.claims;
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

  /** Discards the access token if it is still the current one and no pause is on; the next caller renews it. */
  invalidate(accessToken: string): void {
    if (this.#held?.accessToken !== accessToken) return;
    if (!this.admitForced()) return;
    this.#held.discard();
    this.emit({ type: 'invalidated' });
    this.renewBehind();
  }

  /** The token's condition now. Holds no secret. */
  snapshot(): TokenSnapshot {
    const { client, clock } = this.#options;
    const held = this.#held;
    const state = this.state();
    const isUsable = held && held.state(clock) !== 'expired';
    const dueInMs = this.dueInMs();
    const pausedForMs = this.#pause.remainingMs();
    const lastError = this.#renewal.lastError;
    return {
      client,
      state,
      ...(isUsable && {
        expiresInMs: held.usableForMs - elapsed(clock, held.sentAt),
      }),
      ...(dueInMs !== undefined && { renewsInMs: Math.max(0, dueInMs) }),
      consecutiveFailures: this.#renewal.consecutiveFailures,
      ...(lastError && {
        lastErrorCode:
          lastError instanceof TokenUnavailableError
            ? lastError.reason
            : lastError.code,
      }),
      ...(pausedForMs > 0 && { pausedForMs }),
      shared: false,
    };
  }

  /**
   * The token to replay a call with whose token was refused, or undefined when the refusal has to stand.
   *
   * @internal for the HTTP layer
   */
  async replacementFor(
    refused: string,
    signal?: AbortSignal,
  ): Promise<{ token: string; isNew: boolean } | undefined> {
    const current = this.#held?.accessToken;
    if (current !== undefined && current !== refused) {
      return {
        token: await this.getAccessToken(signal && { signal }),
        isNew: false,
      };
    }
    if (!this.#renewal.isInFlight && !this.admitForced()) return undefined;
    const { accessToken } = await abortable(this.#renewal.join(), signal);
    return { token: accessToken, isNew: true };
  }

  /**
   * A token that was issued after a refusal has been refused as well: no renewal heals this, so 401s force none for a while.
   *
   * @internal for the HTTP layer
   */
  reportUnhealed(accessToken: string): void {
    if (
      this.#held?.accessToken !== accessToken ||
      this.#refused === accessToken
    )
      return;
    this.#refused = accessToken;
    this.beginPause('A token issued after a 401 was refused as well');
  }

  /**
   * Puts what another layer has seen on `events$`.
   *
   * @internal for the permission guard
   */
  report(happening: TokenHappening): void {
    this.emit(happening);
  }

  /** @internal */
  async onModuleInit(): Promise<void> {
    const { scheduler, eager, renewal } = this.#options;
    if (renewal.background) {
      this.#schedule = renewalSchedule(
        this.#settled,
        () => this.dueInMs(),
        scheduler,
      ).subscribe(() => this.renewBehind());
    }
    if (!eager) return;
    const first = this.getAccessToken().catch((error: unknown) => {
      if (isCredentialsRejectedError(error)) throw error;
    });
    await firstValueFrom(race(from(first), timer(EAGER_WAIT_MS, scheduler)));
    if (!this.#held)
      this.#logger.warn(
        'Started without an access token; it is being tried again in the background.',
      );
  }

  /** @internal */
  onModuleDestroy(): void {
    this.#schedule?.unsubscribe();
    this.#renewal.close();
    this.#events.complete();
    this.#settled.complete();
  }

  private state(): TokenState {
    if (this.#renewal.isRejected) return 'rejected';
    return this.#held?.state(this.#options.clock) ?? 'empty';
  }

  private granted(): readonly string[] {
    return this.peekAccessToken()
      ? grantedPermissions(this.#held?.answer.claims)
      : [];
  }

  private dueInMs(): number | undefined {
    if (this.#renewal.isInFlight) return undefined;
    if (this.#renewal.lastError) return this.#renewal.backoffLeftMs();
    const held = this.#held;
    return (
      held && held.renewAfterMs - elapsed(this.#options.clock, held.sentAt)
    );
  }

  /** Nobody waits for this one: its failure is reported by the renewal itself. */
  private renewBehind(): void {
    this.#renewal.join().catch(() => undefined);
  }

  private admitForced(): boolean {
    if (this.#pause.remainingMs() > 0) return false;
    if (this.#pause.admit()) return true;
    this.beginPause(
      'More than 20 renewals were forced within a minute; if other processes use this API secret, share one token through a store',
    );
    return false;
  }

  private beginPause(why: string): void {
    this.#pause.begin();
    const pausedForMs = this.#pause.remainingMs();
    this.#logger.warn(
      `${why}. 401s force no renewal for ${Math.round(pausedForMs / 1000)} s.`,
    );
    this.emit({ type: 'renewals-paused', pausedForMs });
  }

  private commit(token: HeldToken): void {
    const before = this.#held;
    this.#held = token;
    this.#pause.end();
    this.emit({
      type: before ? 'renewed' : 'acquired',
      expiresInMs:
        token.usableForMs - elapsed(this.#options.clock, token.sentAt),
    });
    this.#logger.debug(
      before ? 'Access token renewed.' : 'Access token acquired.',
    );
    if (before) this.comparePermissions(before, token);
  }

  private comparePermissions(before: HeldToken, after: HeldToken): void {
    const old = grantedPermissions(before.answer.claims);
    const now = grantedPermissions(after.answer.claims);
    const added = now.filter((name) => !old.includes(name));
    const removed = old.filter((name) => !now.includes(name));
    if (added.length + removed.length === 0) return;
    this.emit({ type: 'permissions-changed', added, removed });
  }

  private reportFailure(error: PortOneAuthError): void {
    if (error instanceof TokenUnavailableError) {
      const { reason, retryAfterMs } = error;
      const { consecutiveFailures } = this.#renewal;
      this.#logger.warn(error.message);
      this.emit({
        type: 'renewal-failed',
        reason,
        consecutiveFailures,
        retryAfterMs,
      });
    } else {
      this.#logger.error(error.message);
      this.emit({ type: 'credentials-rejected', code: error.code });
    }
  }

  private emit(happening: TokenHappening): void {
    this.#events.next({
      ...happening,
      client: this.#options.client,
      at: Date.now(),
    });
  }
}
