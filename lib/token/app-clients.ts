import {
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
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
  /** Ends everything. Resolves when the lock in the store is released. */
  close(): Promise<void>;
}

/**
 * The clients of one application, which boot together and shut down together. They get their first tokens when the first
 * `onApplicationBootstrap` hook runs: by then every `onModuleInit` has run and prepared a secret, for example.
 */
@Injectable()
export class AppClients implements OnModuleDestroy, OnApplicationShutdown {
  private readonly clients: AppClient[] = [];
  private booting?: Promise<void>;
  private startedAt?: number;

  add(client: AppClient): void {
    this.clients.push(client);
  }

  /**
   * Waits until every client has its first token, at most 3 s. Resolves with what is left of the 3 s, in milliseconds. Rejects
   * when a client must not start.
   */
  async booted(scheduler: SchedulerLike): Promise<number> {
    this.startedAt ??= scheduler.now();
    this.booting ??= this.boot(scheduler);
    await this.booting;
    return Math.max(0, EAGER_WAIT_MS - (scheduler.now() - this.startedAt));
  }

  /** This module is not global, because Nest destroys global modules last, and a client's store may have no connection by then. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.drain()));
  }

  /** Closes the clients here, for the same reason: the hook of a global client would come too late. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async boot(scheduler: SchedulerLike): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const all = Promise.all(this.clients.map((client) => client.boot(signal)));
    const timeout = new Error();
    try {
      await within(all, EAGER_WAIT_MS, scheduler, {
        onTimeout: () => timeout,
      });
    } catch (error) {
      if (error !== timeout) throw error;
    } finally {
      controller.abort();
    }
  }
}

/** A static module, so Nest makes one for each application, however many clients the application registers. */
@Module({ providers: [AppClients], exports: [AppClients] })
export class AppClientsModule {}

/**
 * Gets the first token of a client. Two failures stop the boot: a rejected secret, and a secret function that gives no secret.
 * After any other failure, such as an unreachable PortOne, the app starts and the renewal is tried again.
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
          `the function of the client '${client}' gave no secret. It must give the V2 API secret from the PortOne console. ` +
          'If the secret is not available at boot, register the client with eager: false',
      },
    ]);
  }
}
