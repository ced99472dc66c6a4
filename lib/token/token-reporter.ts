import { Logger } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import {
  TokenUnavailableError,
  type PortOneAuthError,
} from '../errors/index.js';
import { grantedPermissions } from '../portone/permission-names.js';
import type { Clock } from '../time/clock.js';
import type { HeldToken } from './life/held-token.js';
import { say } from './say.js';
import type { TokenEvent, TokenHappening } from './token-events.js';

/** Tells logs and events what happens to a client's token. Neither ever sees a token or a secret. */
export class TokenReporter {
  readonly events$: Observable<TokenEvent>;
  private readonly events = new Subject<TokenEvent>();
  private readonly logger: Logger;
  private readonly warned = new Set<string>();

  constructor(
    private readonly client: string,
    private readonly clock: Clock,
  ) {
    this.events$ = this.events.asObservable();
    this.logger = new Logger(`PortOneAuth:${client}`);
  }

  emit(happening: TokenHappening): void {
    const { client } = this;
    this.events.next({ ...happening, client, at: this.clock.now().wall });
  }

  warn(message: string): void {
    say(this.logger, 'warn', message);
  }

  warnOnce(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.warn(message);
  }

  committed(before: HeldToken | undefined, after: HeldToken): void {
    const { expiresInMs } = after;
    const type = kindOf(before, after);
    say(this.logger, 'debug', `Access token ${type}.`);
    this.emit({ type, expiresInMs });
    if (before) this.comparePermissions(before, after);
  }

  failed(error: PortOneAuthError, consecutiveFailures: number): void {
    if (!(error instanceof TokenUnavailableError)) {
      say(this.logger, 'error', error.message);
      this.emit({ type: 'credentials-rejected', code: error.code });
      return;
    }
    const { reason, retryAfterMs } = error;
    say(this.logger, 'warn', error.message);
    this.emit({
      type: 'renewal-failed',
      reason,
      consecutiveFailures,
      retryAfterMs,
    });
  }

  paused(why: string, pausedForMs: number): void {
    say(
      this.logger,
      'warn',
      `${why}. 401s force no renewal for ${pausedForMs / 1000} s.`,
    );
    this.emit({ type: 'renewals-paused', pausedForMs });
  }

  /** `reason`: a word or two of the store's, such as Redis's `NOPERM`. */
  sharingChanged(isShared: boolean, reason?: string): void {
    if (isShared)
      say(
        this.logger,
        'log',
        'The token store can be reached again: the token is shared.',
      );
    else
      say(
        this.logger,
        'warn',
        `The token is not shared: the store cannot be reached or used, or its lock not be had in time${reason ? ` (${reason})` : ''}. Going on alone, by login, until it can.`,
      );
  }

  complete(): void {
    this.events.complete();
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

const kindOf = (before: HeldToken | undefined, { token }: HeldToken) => {
  if (token.isAdopted) return 'adopted';
  return before ? 'renewed' : 'acquired';
};
