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

describe('What our own token cannot serve', () => {
  const openNeedy = (parts: GuardedAppParts = {}) =>
    openGuardedApp({
      controllers: [Needy],
      emulator: { permissions: ['TX_READ'] },
      ...parts,
    });

  it("stops the boot with bootCheck 'error', route by route", async () => {
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

  it('is listed in one log entry at boot', async () => {
    const { log } = await openNeedy();
    expect(guardLog(log)).toEqual([
      `${LACKING}Needy.update (TX_UPDATE); Needy.both (RECON_READ, TX_UPDATE)`,
    ]);
  });

  it('is not logged when nothing is missing, or when bootCheck is off', async () => {
    const all = await openNeedy({ emulator: {} });
    const off = await openNeedy({ permissions: () => ({ bootCheck: 'off' }) });
    expect([...guardLog(all.log), ...guardLog(off.log)]).toEqual([]);
    off.portone.setPermissions([]);
    await off.tokens.renew();
    expect(guardLog(off.log)).toEqual([]);
  });

  it.each(['warn', 'error'] as const)(
    'is listed again when the permissions change, and only then (bootCheck %s)',
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
      // As in a fleet, where every lifetime brings a token that another instance got.
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

  it('is listed once there is a token, when there is none at boot', async () => {
    const { log, tokens } = await openNeedy({ options: { eager: false } });
    expect(guardLog(log)).toEqual([]);
    await tokens.getAccessToken();
    expect(guardLog(log)).toHaveLength(1);
  });

  it('is not compared any more after the app was closed', async () => {
    const events$ = new Subject<never>();
    const { app } = await openNeedy({
      prepare: (it) => Object.assign(it.get(TokenService), { events$ }),
    });
    expect(events$.observed).toBe(true);
    await app.close();
    expect(events$.observed).toBe(false);
  });

  it('is compared for each client, and leaves out what callers must bring', async () => {
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

describe('Routes that only ask for our own permissions', () => {
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

  it('are named at boot when no other guard protects them, once for all clients', async () => {
    expect(await openWith()).toEqual([
      'warn PortOneAuth:PermissionGuard: No other guard protects these routes; @RequirePermission checks our own token and lets any caller in: Open.open, Open.other',
    ]);
  });

  it('are named with the global guards before them, because a limiter is no login', async () => {
    expect(await openWith([{ provide: APP_GUARD, useClass: Login }])).toEqual([
      'warn PortOneAuth:PermissionGuard: Only global guards protect these routes (Login); @RequirePermission checks our own token, so every caller that passes those guards gets in: Open.open, Open.other',
    ]);
  });

  it('are named beside a global guard of ours, which knows no caller either', async () => {
    const lines = await openWith([
      { provide: APP_GUARD, useClass: PermissionGuard },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('No other guard protects these routes');
  });
});
