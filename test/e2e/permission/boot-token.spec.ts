import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import {
  isCredentialsRejectedError,
  RequirePermission,
} from '../../../lib/index.js';
import { until, VirtualTime } from '../../support/virtual-time.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
  problemsOf,
  type GuardedAppParts,
} from './guarded-app.js';

afterEach(closeGuardedApps);

@Controller()
class Payments {
  @Get('refund')
  @RequirePermission('TX_UPDATE')
  refund() {}
}

const partsOf = (parts: GuardedAppParts): GuardedAppParts => ({
  controllers: [Payments],
  permissions: () => ({ bootCheck: 'error' }),
  emulator: { permissions: ['TX_READ'] },
  ...parts,
});

const LACKING =
  "Payments.refund requires TX_UPDATE, which our own token of the client 'default' does not carry";

/** Waits until the next attempt is due, which is before the 3 s of the boot are over. */
const untilBackingOff = (time: VirtualTime) =>
  until(() => (time.nextDueIn ?? Infinity) < 3_000);

describe("With bootCheck 'error' the permissions are compared at boot", () => {
  it('for a client with eager: false', async () => {
    const parts = partsOf({ options: { eager: false } });
    expect(await problemsOf(parts)).toEqual([LACKING]);
  });

  it.each([true, false])(
    'for a client whose secret another module prepares in onModuleInit (isGlobal %p)',
    async (isGlobal) => {
      const portone = await openPortOne({ permissions: ['TX_READ'] });
      let secret: string | undefined;

      @Injectable()
      class Vault implements OnModuleInit {
        async onModuleInit(): Promise<void> {
          await new Promise((resolve) => setImmediate(resolve));
          secret = portone.apiSecret;
        }
      }

      @Module({ providers: [Vault] })
      class VaultModule {}
      const apiSecret = () => {
        if (!secret) throw new Error('not yet');
        return secret;
      };
      const parts = partsOf({
        portone,
        imports: [VaultModule],
        options: { isGlobal, apiSecret, eager: false },
      });
      expect(await problemsOf(parts)).toEqual([LACKING]);
    },
  );

  it('when the first token call fails and the next one succeeds within 3 s', async () => {
    const time = new VirtualTime();
    const portone = await openPortOne({
      clock: time.trueTime,
      permissions: ['TX_READ'],
    });
    portone.fail('tokens', { kind: 'status', status: 503 });
    const boot = problemsOf(
      partsOf({ portone, time, options: { eager: false } }),
    );
    await untilBackingOff(time);
    portone.heal();
    await time.advance(2_500);
    expect(await boot).toEqual([LACKING]);
  });

  it('and without a token the app does not start, and the error says why', async () => {
    const time = new VirtualTime();
    const portone = await openPortOne({ clock: time.trueTime });
    portone.fail('tokens', { kind: 'status', status: 503 });
    const boot = problemsOf(
      partsOf({ portone, time, options: { eager: false } }),
    );
    await untilBackingOff(time);
    await time.advance(3_000);
    expect(await boot).toEqual([
      expect.stringMatching(
        /^permissions\.bootCheck is 'error', and the client 'default' got no token within 3 s .*\(PORTONE_TOKEN_STATUS\)/,
      ),
    ]);
  });

  it('and with a rejected secret the app does not start', async () => {
    const parts = partsOf({ options: { eager: false, apiSecret: 'wrong' } });
    const error: unknown = await openGuardedApp(parts).catch((e: unknown) => e);
    expect(isCredentialsRejectedError(error)).toBe(true);
  });

  it('but no token is fetched when no route requires a permission of our own token', async () => {
    const { portone } = await openGuardedApp(
      partsOf({ controllers: [], options: { eager: false } }),
    );
    expect(portone.calls.requests).toEqual([]);
  });
});
