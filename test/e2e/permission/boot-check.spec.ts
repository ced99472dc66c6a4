import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  UseGuards,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Subject } from 'rxjs';
import {
  AuthModule,
  PermissionGuard,
  RequirePermission,
  TokenService,
} from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
  problemsOf,
  verifyingBy,
  type GuardedAppParts,
  type RecordingLog,
} from './guarded-app.js';

@Injectable()
class Login implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

const guardLog = ({ lines }: RecordingLog): string[] =>
  lines.filter((line) => line.includes('PortOneAuth:PermissionGuard'));

afterEach(closeGuardedApps);

@Controller()
@UseGuards(Login)
class Needy {
  @Get('read')
  @RequirePermission('TX_READ')
  read() {
    return 'read';
  }

  @Get('update')
  @RequirePermission('TX_UPDATE')
  update() {
    return 'update';
  }

  @Get('both')
  @RequirePermission('RECON_READ', 'TX_UPDATE')
  @RequirePermission('TX_UPDATE')
  both() {
    return 'both';
  }
}

const LACKING =
  "warn PortOneAuth:PermissionGuard: Our own token of the client 'default' lacks permissions that these routes require; they will answer 403: ";

describe('Permissions that our own token lacks', () => {
  const openNeedy = (parts: GuardedAppParts = {}) =>
    openGuardedApp({
      controllers: [Needy],
      emulator: { permissions: ['TX_READ'] },
      ...parts,
    });

  it("stop the boot with bootCheck 'error', and the error lists them by route", async () => {
    expect(
      await problemsOf({
        controllers: [Needy],
        permissions: () => ({ bootCheck: 'error' }),
        emulator: { permissions: ['TX_READ'] },
      }),
    ).toEqual([
      "Needy.update requires TX_UPDATE, which our own token of the client 'default' does not carry",
      "Needy.both requires RECON_READ, TX_UPDATE, which our own token of the client 'default' does not carry",
    ]);
  });

  it('are listed in one log entry at boot', async () => {
    const { log } = await openNeedy();
    expect(guardLog(log)).toEqual([
      `${LACKING}Needy.update (TX_UPDATE); Needy.both (RECON_READ, TX_UPDATE)`,
    ]);
  });

  it('are not logged when there are none, or when bootCheck is off', async () => {
    const all = await openNeedy({ emulator: {} });
    const off = await openNeedy({ permissions: () => ({ bootCheck: 'off' }) });
    expect([...guardLog(all.log), ...guardLog(off.log)]).toEqual([]);
    off.portone.setPermissions([]);
    await off.tokens.renew();
    expect(guardLog(off.log)).toEqual([]);
  });

  it.each(['warn', 'error'] as const)(
    'are listed again when they change, but not after every renewal (bootCheck %s)',
    async (bootCheck) => {
      const { log, portone, tokens, time } = await openNeedy({
        emulator: {},
        permissions: () => ({ bootCheck }),
      });
      await tokens.renew();
      expect(guardLog(log)).toEqual([]);
      portone.setPermissions(['TX_READ', 'RECON_READ']);
      await time.advance(1_000);
      await tokens.renew();
      // In a fleet an instance adopts tokens that another instance has fetched.
      tokens.report({
        type: 'adopted',
        expiresInMs: 1_000,
        method: 'adopted',
        cause: 'planned',
        durationMs: 1,
      });
      const said = [
        `${LACKING}Needy.update (TX_UPDATE); Needy.both (TX_UPDATE)`,
      ];
      expect(guardLog(log)).toEqual(said);
      portone.setPermissions(['TX_READ', 'TX_UPDATE', 'RECON_READ']);
      await time.advance(1_000);
      await tokens.renew();
      expect(guardLog(log)).toEqual(said);
    },
  );

  it('are listed as soon as there is a token, if there is none at boot', async () => {
    const { log, tokens } = await openNeedy({ options: { eager: false } });
    expect(guardLog(log)).toEqual([]);
    await tokens.getAccessToken();
    expect(guardLog(log)).toHaveLength(1);
  });

  it('are no longer compared after the app is closed', async () => {
    const events$ = new Subject<never>();
    const { app } = await openNeedy({
      prepare: (it) => Object.assign(it.get(TokenService), { events$ }),
    });
    expect(events$.observed).toBe(true);
    await app.close();
    expect(events$.observed).toBe(false);
  });

  it('are compared for each client, without the requirements on the tokens of callers', async () => {
    @Controller()
    @UseGuards(Login)
    class Clients {
      @Get('b')
      @RequirePermission({ client: 'b' }, 'TX_UPDATE')
      b() {}

      @Get('caller')
      @RequirePermission({ source: 'caller' }, 'TX_UPDATE')
      caller() {}
    }
    const other = await openPortOne({ permissions: ['TX_READ'] });
    const { log } = await openGuardedApp({
      controllers: [Clients],
      emulator: { permissions: ['TX_READ'] },
      permissions: verifyingBy(),
      imports: [
        AuthModule.forRoot({
          name: 'b',
          apiSecret: other.apiSecret,
          baseURL: other.url,
        }),
      ],
    });
    expect(guardLog(log)).toEqual([
      `${LACKING.replace('default', 'b')}Clients.b (TX_UPDATE)`,
    ]);
  });
});

describe('Routes that require only permissions of our own token', () => {
  @Controller()
  class Open {
    @Get('open')
    @RequirePermission('TX_READ')
    open() {}

    @Get('other')
    @RequirePermission('TX_READ')
    other() {}

    @Get('behind-login')
    @UseGuards(Login)
    @RequirePermission('TX_READ')
    behindLogin() {}

    @Get('caller')
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    @RequirePermission('TX_READ')
    caller() {}
  }
  const openWith = async (providers: GuardedAppParts['providers'] = []) => {
    const controllers: Type[] = [Open];
    const { log } = await openGuardedApp({
      controllers,
      providers,
      permissions: verifyingBy(),
      imports: [
        AuthModule.forRoot({ name: 'b', apiSecret: 'b', eager: false }),
      ],
    });
    return guardLog(log);
  };

  it('are logged at boot when no other guard protects them, in one entry for all clients', async () => {
    expect(await openWith()).toEqual([
      'warn PortOneAuth:PermissionGuard: No other guard protects these routes; @RequirePermission checks our own token and lets any caller in: Open.open, Open.other',
    ]);
  });

  it('are logged together with their global guards, because such a guard may be a rate limiter', async () => {
    expect(await openWith([{ provide: APP_GUARD, useClass: Login }])).toEqual([
      'warn PortOneAuth:PermissionGuard: Only global guards protect these routes (Login); @RequirePermission checks our own token, so every caller that passes those guards gets in: Open.open, Open.other',
    ]);
  });

  it('are logged when the only global guard is PermissionGuard, which authenticates no caller', async () => {
    const lines = await openWith([
      { provide: APP_GUARD, useClass: PermissionGuard },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('No other guard protects these routes');
  });
});
