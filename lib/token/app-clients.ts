import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';
import {
  AuthConfigurationError,
  isCredentialsRejectedError,
} from '../errors/index.js';
import { within } from '../time/within.js';

/** The boot waits at most this long for the first tokens of all clients together. */
const EAGER_WAIT_MS = 3_000;

/** The part of a client that its application waits for at boot and at shutdown. */
export interface AppClient {
  /** Gets the first token. Gives up when the signal is aborted; a rejection before that stops the boot. */
  boot(signal: AbortSignal): Promise<void>;
  /** Ends background work. Resolves when that work has ended. */
  drain(): Promise<void>;
}

/**
 * The clients of one application, which boot together and shut down together. They get their first tokens when the first
 * `onApplicationBootstrap` hook runs: by then every `onModuleInit` has run and prepared a secret, for example.
 */
@Injectable()
export class AppClients implements OnModuleDestroy {
  private readonly clients: AppClient[] = [];
  private booting?: Promise<void>;
  private since?: number;

  add(client: AppClient): void {
    this.clients.push(client);
  }

  /**
   * Waits until every client has its token, or the time is over; gives the milliseconds that are left of it. Rejects when a client
   * must not start.
   */
  async booted(scheduler: SchedulerLike): Promise<number> {
    this.since ??= scheduler.now();
    this.booting ??= this.boot(scheduler);
    await this.booting;
    return Math.max(0, EAGER_WAIT_MS - (scheduler.now() - this.since));
  }

  /** Nest destroys global modules last, perhaps after the connection that a client's store needs. So this module is not global. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.drain()));
  }

  private async boot(scheduler: SchedulerLike): Promise<void> {
    const patience = new AbortController();
    const { signal } = patience;
    const all = Promise.all(this.clients.map((client) => client.boot(signal)));
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
@Module({ providers: [AppClients], exports: [AppClients] })
export class AppClientsModule {}

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
