import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type OnModuleInit } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuthConfigurationError,
  AuthModule,
  getTokenServiceToken,
  isAuthConfigurationError,
  RequirePermission,
  type AuthModuleOptions,
  type TokenService,
} from '../../../lib/index.js';
import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { inVirtualTime } from '../../support/in-virtual-time.js';
import { closeShops, openEmulator } from '../../support/shop.js';
import { turn, VirtualTime } from '../../support/virtual-time.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

@Controller()
class Guarded {
  @Get()
  @RequirePermission('TX_READ')
  list() {
    return [];
  }
}

let secret: string | undefined;
let prepared = '';

/** Prepares the secret when Nest calls its hook, as a module of a secret manager does. */
@Module({})
class SecretModule implements OnModuleInit {
  async onModuleInit(): Promise<void> {
    await turn();
    secret = prepared;
  }
}

describe('At boot', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const module of open.splice(0)) await module.close();
    await closeShops();
  });

  async function openApp(
    portone: PortOneEmulator,
    time: VirtualTime,
    imports: (typeof SecretModule | ReturnType<typeof AuthModule.forRoot>)[],
    controllers: (typeof Guarded)[],
    hanging?: number,
  ) {
    const builder = Test.createTestingModule({ imports, controllers });
    const module = await inVirtualTime(builder, time).compile();
    module.useLogger(false);
    open.push(module);
    let isBooted = false;
    const begun = time.clock.now().monotonic;
    const booting = module
      .init()
      .catch((error: unknown) => error)
      .finally(() => (isBooted = true));
    while (!isBooted) {
      await turn();
      // Only a PortOne that hangs makes the boot wait until time passes.
      if (portone.calls.tokens === hanging && time.nextDueIn !== undefined)
        await time.advance(Math.min(100, time.nextDueIn));
    }
    const result = await booting;
    const tookMs = time.clock.now().monotonic - begun;
    return { module, tookMs, error: result === module ? undefined : result };
  }

  async function openClients(
    options: Partial<AuthModuleOptions>,
    controllers: (typeof Guarded)[] = [],
  ) {
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    portone.fail('tokens', { kind: 'hang' });
    const { apiSecret, url: baseURL } = portone;
    const clients = [...NAMES, undefined].map((name) =>
      AuthModule.forRoot({ name, apiSecret, baseURL, ...options }),
    );
    const opened = await openApp(
      portone,
      time,
      clients,
      controllers,
      // Only one lazy client makes a token call: the one that a route needs.
      options.eager === false ? 1 : 9,
    );
    return { ...opened, portone };
  }

  it('nine clients wait 3 s together for a PortOne that hangs, and no caller waits after that', async () => {
    const { module, tookMs, error, portone } = await openClients({});
    expect([error, tookMs, portone.calls.login]).toEqual([undefined, 3_000, 9]);
    for (const name of NAMES) {
      const tokens = module.get<TokenService>(getTokenServiceToken(name));
      expect(tokens.snapshot().waiting).toBe(0);
    }
  });

  it.each([true, false])(
    "nine clients wait no longer with bootCheck: 'error' (eager: %s)",
    async (eager) => {
      const { tookMs, error } = await openClients(
        { eager, permissions: { bootCheck: 'error' } },
        [Guarded],
      );
      expect(isAuthConfigurationError(error)).toBe(true);
      expect(tookMs).toBe(3_000);
    },
  );

  describe.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('with isGlobal %s and eager %s', (isGlobal, eager) => {
    async function openWithLateSecret(
      permissions: readonly string[],
      order: 'before' | 'after' | 'inside',
    ) {
      const time = new VirtualTime();
      const portone = await openEmulator({
        clock: time.trueTime,
        permissions: [...permissions],
      });
      secret = undefined;
      prepared = portone.apiSecret;
      const client = AuthModule.forRootAsync({
        isGlobal,
        imports: order === 'inside' ? [SecretModule] : [],
        useFactory: () => ({
          apiSecret: () => secret!,
          baseURL: portone.url,
          eager,
          permissions: { bootCheck: 'error' as const },
        }),
      });
      const imports = {
        before: [SecretModule, client],
        after: [client, SecretModule],
        inside: [client],
      }[order];
      return openApp(portone, time, imports, [Guarded]);
    }

    it.each(['before', 'after', 'inside'] as const)(
      "a secret that another module (imported %s the client) prepares in onModuleInit is found, and bootCheck: 'error' checks its token",
      async (order) => {
        const good = await openWithLateSecret(['TX_READ'], order);
        expect(good.error).toBeUndefined();
        const bad = await openWithLateSecret(['TX_UPDATE'], order);
        expect(bad.error).toBeInstanceOf(AuthConfigurationError);
        expect(String(bad.error)).toContain('TX_READ');
      },
    );
  });
});
