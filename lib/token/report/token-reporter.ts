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
 * Tells logs and events what happens to a client's token. Neither ever sees a token or a secret. Both are told in the async
 * context of construction, whichever request has caused what they are told.
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
    const times = failures === 1 ? 'once' : `${failures} times in a row`;
    this.say('log', `Renewals work again, after one failed ${times}.`);
  }

  invalidated(): void {
    this.emit({ type: 'invalidated' });
  }

  /** An event once for a token and an outcome, however many calls are replayed with it. */
  replayed(token: HeldToken, outcome: 'healed' | 'unhealed'): void {
    this.telemetry.replayed(outcome);
    const said = this.outcomes.get(token) ?? [];
    if (said.includes(outcome)) return;
    this.outcomes.set(token, [...said, outcome]);
    this.emit({ type: 'replayed', outcome });
  }

  paused(why: string, pausedForMs: number): void {
    this.warn(
      `${why}. 401s force no renewal for ${pausedForMs / 1000} s, unless a call was refused that was accepted before.`,
    );
    this.emit({ type: 'renewals-paused', pausedForMs });
  }

  /** `reason`: a word or two of the store's, such as Redis's `NOPERM`. */
  sharingChanged(isShared: boolean, reason?: string): void {
    if (isShared)
      this.say(
        'log',
        'The token store can be reached again: the token is shared.',
      );
    else
      this.warn(
        `The token is not shared: the store cannot be reached or used, or its lock not be had in time${reason ? ` (${reason})` : ''}. Going on alone, by login, until it can.`,
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
