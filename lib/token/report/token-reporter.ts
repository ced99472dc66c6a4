import { Logger } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import {
  TokenUnavailableError,
  type PortOneAuthError,
} from '../../errors/index.js';
import { grantedPermissions } from '../../portone/permission-names.js';
import { contextOfNow } from '../../time/async-context.js';
import type { Clock } from '../../time/clock.js';
import type { HeldToken } from '../life/held-token.js';
import type { LifeReports, RenewalFacts } from '../life/life-reports.js';
import { say, type LogLevel } from './say.js';
import type { ClientTelemetry } from './telemetry.js';
import type { TokenEvent, TokenHappening } from './token-events.js';

/**
 * Writes to the log and to `events$` what happens to a client's token, never a token or a secret. Loggers and subscribers are
 * called in the async context of construction, not in that of the request that caused the event.
 */
export class TokenReporter implements LifeReports {
  readonly events$: Observable<TokenEvent>;
  private readonly events = new Subject<TokenEvent>();
  private readonly logger: Logger;
  private readonly warned = new Set<string>();
  private readonly inContext = contextOfNow();
  private readonly outcomes = new WeakMap<HeldToken, readonly string[]>();

  constructor(
    private readonly client: string,
    private readonly clock: Clock,
    private readonly telemetry: ClientTelemetry,
  ) {
    this.events$ = this.events.asObservable();
    this.logger = new Logger(`PortOneAuth:${client}`);
  }

  emit(happening: TokenHappening): void {
    const { client } = this;
    const event = { ...happening, client, at: this.clock.now().wall };
    this.inContext(() => this.events.next(event));
  }

  warn(message: string): void {
    this.say('warn', message);
  }

  warnOnce(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.warn(message);
  }

  committed(
    before: HeldToken | undefined,
    after: HeldToken,
    facts: RenewalFacts,
  ): void {
    const { method } = after.token;
    const type =
      method === 'adopted' ? method : before ? 'renewed' : 'acquired';
    this.say('debug', `Access token ${type} (${method}, ${facts.cause}).`);
    const expiresInMs = Math.ceil(after.expiresInMs);
    this.emit({ type, expiresInMs, method, ...facts });
    if (before) this.comparePermissions(before, after);
  }

  failed(
    error: PortOneAuthError,
    consecutiveFailures: number,
    facts: RenewalFacts,
  ): void {
    if (!(error instanceof TokenUnavailableError)) {
      this.say('error', error.message);
      this.emit({ type: 'credentials-rejected', code: error.code, ...facts });
      return;
    }
    const { reason, retryAfterMs } = error;
    this.say('warn', error.message);
    this.emit({
      type: 'renewal-failed',
      reason,
      consecutiveFailures,
      retryAfterMs,
      ...facts,
    });
  }

  recovered(failures: number): void {
    const count =
      failures === 1 ? '1 failure' : `${failures} failures in a row`;
    this.say('log', `Renewals work again after ${count}.`);
  }

  invalidated(): void {
    this.emit({ type: 'invalidated' });
  }

  /** Emits one event for each token and outcome, however many calls are replayed with the token. */
  replayed(token: HeldToken, outcome: 'healed' | 'unhealed'): void {
    this.telemetry.replayed(outcome);
    const emitted = this.outcomes.get(token) ?? [];
    if (emitted.includes(outcome)) return;
    this.outcomes.set(token, [...emitted, outcome]);
    this.emit({ type: 'replayed', outcome });
  }

  paused(why: string, pausedForMs: number): void {
    this.warn(
      `${why}. 401s force no renewal for ${pausedForMs / 1000} s, except at endpoints that accepted a token before.`,
    );
    this.emit({ type: 'renewals-paused', pausedForMs });
  }

  /** `reason`: one or two words from the store, such as Redis's `NOPERM`. */
  sharingChanged(isShared: boolean, reason?: string): void {
    if (isShared)
      this.say(
        'log',
        'The token store can be reached again: the token is shared.',
      );
    else
      this.warn(
        `The token is not shared: the store cannot be reached or used, or its lock was not free in time${reason ? ` (${reason})` : ''}. Until the store works again, this instance renews alone, by login.`,
      );
  }

  complete(): void {
    this.inContext(() => this.events.complete());
  }

  private say(level: LogLevel, message: string): void {
    this.inContext(() => say(this.logger, level, message));
  }

  private comparePermissions(before: HeldToken, after: HeldToken): void {
    const old = grantedPermissions(before.claims);
    const now = grantedPermissions(after.claims);
    const added = now.filter((name) => !old.includes(name));
    const removed = old.filter((name) => !now.includes(name));
    if (added.length + removed.length === 0) return;
    this.emit({ type: 'permissions-changed', added, removed });
  }
}
