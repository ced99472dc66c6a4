import { Logger } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import {
  TokenUnavailableError,
  type PortOneAuthError,
} from '../errors/index.js';
import { grantedPermissions } from '../portone/granted-permissions.js';
import type { Clock } from './clock.js';
import type { HeldToken } from './held-token.js';
import type { TokenEvent, TokenHappening } from './token-events.js';

/** Tells logs and events what happens to a client's token. Neither ever sees a token or a secret. */
export class TokenReporter {
  readonly events$: Observable<TokenEvent>;
  private readonly events = new Subject<TokenEvent>();
  private readonly logger: Logger;

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
    this.say('warn', message);
  }

  committed(before: HeldToken | undefined, after: HeldToken): void {
    const { expiresInMs } = after;
    const type = kindOf(before, after);
    this.say('debug', `Access token ${type}.`);
    this.emit({ type, expiresInMs });
    if (before) this.comparePermissions(before, after);
  }

  failed(error: PortOneAuthError, consecutiveFailures: number): void {
    if (!(error instanceof TokenUnavailableError)) {
      this.say('error', error.message);
      this.emit({ type: 'credentials-rejected', code: error.code });
      return;
    }
    const { reason, retryAfterMs } = error;
    this.say('warn', error.message);
    this.emit({
      type: 'renewal-failed',
      reason,
      consecutiveFailures,
      retryAfterMs,
    });
  }

  paused(why: string, pausedForMs: number): void {
    this.say(
      'warn',
      `${why}. 401s force no renewal for ${pausedForMs / 1000} s.`,
    );
    this.emit({ type: 'renewals-paused', pausedForMs });
  }

  sharingChanged(isShared: boolean): void {
    if (isShared)
      this.say(
        'log',
        'The token store can be reached again: the token is shared.',
      );
    else
      this.say(
        'warn',
        'The token is not shared: the store cannot be reached, or its lock not be had in time. Going on alone, by login, until it can.',
      );
  }

  complete(): void {
    this.events.complete();
  }

  /** A logger that is out of order costs no payment. */
  private say(level: 'debug' | 'log' | 'warn' | 'error', message: string) {
    try {
      this.logger[level](message);
    } catch {
      return;
    }
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
