import { Injectable, Module } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';
import {
  AuthConfigurationError,
  isCredentialsRejectedError,
} from '../errors/index.js';
import { within } from '../time/within.js';

/** The boot waits at most this long for the first tokens of all clients together. */
const EAGER_WAIT_MS = 3_000;

/**
 * Gets the first tokens of an application's eager clients, all at the same time, when its first `onApplicationBootstrap`
 * hook runs: by then every `onModuleInit` has run and prepared a secret, for example.
 */
@Injectable()
export class FirstTokens {
  private readonly clients: ((signal: AbortSignal) => Promise<void>)[] = [];
  private started?: Promise<void>;

  /** @param first gets the first token until the signal is aborted; what it rejects with before stops the boot */
  add(first: (signal: AbortSignal) => Promise<void>): void {
    this.clients.push(first);
  }

  /** Until every client has its token, or the time is over. Rejects when a client must not start. */
  ready(scheduler: SchedulerLike): Promise<void> {
    this.started ??= this.start(scheduler);
    return this.started;
  }

  private async start(scheduler: SchedulerLike): Promise<void> {
    const patience = new AbortController();
    const { signal } = patience;
    const all = Promise.all(this.clients.map((first) => first(signal)));
    const late = new Error();
    try {
      await within(all, EAGER_WAIT_MS, scheduler, { late: () => late });
    } catch (error) {
      if (error !== late) throw error;
    } finally {
      patience.abort();
    }
  }
}

/** Static: Nest makes one for each application, however many clients it registers. */
@Module({ providers: [FirstTokens], exports: [FirstTokens] })
export class FirstTokensModule {}

/**
 * The first token of a client. An unreachable PortOne does not stop the boot, because the token is tried again; a rejected
 * secret and a function that gives none do.
 */
export async function firstToken(
  get: () => Promise<unknown>,
  client: string,
  isSecretMissing: () => boolean,
): Promise<void> {
  try {
    await get();
  } catch (error) {
    if (isCredentialsRejectedError(error)) throw error;
    if (!isSecretMissing()) return;
    throw new AuthConfigurationError([
      {
        field: 'apiSecret',
        message:
          `the function of the client '${client}' gave no secret; it must give the V2 API secret of the PortOne console, ` +
          'or the client be registered with eager: false if the secret comes later',
      },
    ]);
  }
}
