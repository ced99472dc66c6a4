import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Injectable,
  SetMetadata,
  UseGuards,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import {
  DiscoveryModule,
  DiscoveryService,
  ExternalContextCreator,
  MetadataScanner,
} from '@nestjs/core';
import {
  PermissionGuard,
  PortOneClaims,
  RequirePermission,
} from '../../../lib/index.js';
import type { RequestHeaders } from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  problemsOf,
  verifyingBy,
  type GuardedAppParts,
} from './guarded-app.js';

afterEach(closeGuardedApps);

type Run = (...args: unknown[]) => Promise<unknown>;
const COMMAND = 'a-bot:command';
const Command = (name: string) => SetMetadata(COMMAND, name);
const commands = new Map<string, Run>();
const noArguments = { exchangeKeyForValue: () => undefined };

/** Works like libraries for bots and queues: finds the methods with its decorator, and runs them through Nest. */
@Injectable()
class Bot implements OnModuleInit, OnApplicationBootstrap {
  static hook: 'onModuleInit' | 'onApplicationBootstrap' = 'onModuleInit';
  static guards = true;
  static type = 'http';

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly creator: ExternalContextCreator,
  ) {}

  onModuleInit(): void {
    if (Bot.hook === 'onModuleInit') this.explore();
  }

  onApplicationBootstrap(): void {
    if (Bot.hook === 'onApplicationBootstrap') this.explore();
  }

  private explore(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const methods = instance as Record<string, Run>;
      const prototype = Object.getPrototypeOf(instance) as object;
      for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
        const written = (prototype as Record<string, Run>)[name]!;
        const command: unknown = Reflect.getMetadata(COMMAND, written);
        if (typeof command !== 'string') continue;
        const run = this.creator.create(
          methods,
          methods[name]!,
          name,
          '__routeArguments__',
          noArguments,
          undefined,
          undefined,
          { guards: Bot.guards, interceptors: true, filters: false },
          Bot.type,
        ) as Run;
        commands.set(command, run);
      }
    }
  }
}

@Injectable()
class Payments {
  @Command('refund')
  @RequirePermission('TX_UPDATE')
  refund() {
    return 'refunded';
  }
}

const partsOf = (provider: Type, permissions: string[]): GuardedAppParts => ({
  imports: [DiscoveryModule],
  providers: [Bot, provider],
  permissions: verifyingBy(),
  emulator: { permissions },
});

const outcome = (name: string, ...args: unknown[]) =>
  commands.get(name)!(...args).catch((error: { response?: unknown }) => error);

describe.each(['onModuleInit', 'onApplicationBootstrap'] as const)(
  'A handler that a library runs through Nest (%s)',
  (hook) => {
    const open = async (provider: Type, permissions: string[]) => {
      Object.assign(Bot, { hook, guards: true, type: 'http' });
      return openGuardedApp(partsOf(provider, permissions));
    };

    it('is guarded', async () => {
      await open(Payments, ['TX_READ']);
      expect(await outcome('refund', 'a message')).toMatchObject({
        response: { code: 'PORTONE_SERVICE_PERMISSION_MISSING' },
      });
      await open(Payments, ['TX_UPDATE']);
      expect(await outcome('refund', 'a message')).toBe('refunded');
    });

    it('is guarded when its instance holds another function', async () => {
      @Injectable()
      class Bound extends Payments {
        constructor() {
          super();
          this.refund = this.refund.bind(this);
        }
      }
      await open(Bound, ['TX_READ']);
      expect(await outcome('refund')).toMatchObject({
        response: { code: 'PORTONE_SERVICE_PERMISSION_MISSING' },
      });
    });

    it('gets the claims of its own call, although all calls share every argument', async () => {
      @Injectable()
      class MessageGuard extends PermissionGuard {
        protected override getRequest(): RequestHeaders {
          return { headers: { authorization: `Bearer ${tokens.shift()}` } };
        }
      }
      const tokens: string[] = [];
      @Injectable()
      class Claims {
        @Command('whose')
        @UseGuards(MessageGuard)
        @RequirePermission({ source: 'caller' }, 'TX_READ')
        whose(@PortOneClaims('user_id') userId: string) {
          return userId;
        }
      }
      const { portone } = await open(Claims, ['TX_READ']);
      const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
      for (const user_id of users)
        tokens.push(await portone.issueAccessToken({ user_id }));
      const client = { bot: true };
      const answers = users.map(() => outcome('whose', client, 'text'));
      expect(await Promise.all(answers)).toEqual(users);
    });
  },
);

describe('A requirement on a method that a library runs', () => {
  it('stops the boot when the library runs it without guards', async () => {
    Object.assign(Bot, { hook: 'onModuleInit', guards: false });
    expect(await problemsOf(partsOf(Payments, ['TX_UPDATE']))).toEqual([
      expect.stringMatching(
        /^Payments\.refund requires a permission, but Nest/,
      ),
    ]);
  });

  it('is logged when the library has not given it to Nest before the boot check', async () => {
    Object.assign(Bot, { hook: 'never' });
    const { log } = await openGuardedApp(partsOf(Payments, ['TX_UPDATE']));
    expect(log.lines.join('\n')).toMatch(
      /guarded only if .*: Payments\.refund/,
    );
  });

  it.each([
    'SCHEDULER_TYPE',
    'EVENT_LISTENER_METADATA',
    'bull:module_queue_process',
    'bull:module_on_queue_event',
    'bullmq:worker_events_metadata',
    'bullmq:queue_events_metadata',
  ])('stops the boot when the library never runs guards: %s', async (key) => {
    @Injectable()
    class Jobs {
      @SetMetadata(key, 1)
      @RequirePermission('TX_READ')
      run() {}
    }
    expect(await problemsOf(partsOf(Jobs, ['TX_READ']))).toEqual([
      expect.stringContaining('no guard would ever run'),
    ]);
  });

  it('denies a call of an unknown kind, and a warning names the handler and the cure', async () => {
    Object.assign(Bot, { hook: 'onModuleInit', guards: true, type: 'rmq' });
    const { log } = await openGuardedApp(partsOf(Payments, ['TX_UPDATE']));
    for (const message of ['first', 'second'])
      expect(await outcome('refund', message)).toMatchObject({ status: 403 });
    const lines = log.lines.filter((line) =>
      line.includes('Payments.refund denied'),
    );
    expect(lines).toEqual([expect.stringContaining('with getRequest()')]);
  });
});
