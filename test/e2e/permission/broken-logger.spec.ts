import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { RequirePermission } from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  RecordingLog,
  verifyingBy,
} from './guarded-app.js';

@Controller()
class Payments {
  @Get('update')
  @RequirePermission('TX_UPDATE')
  update() {
    return 'update';
  }

  @Get('callers')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers() {
    return 'callers';
  }
}

class BrokenLog extends RecordingLog {
  override warn = this.fail('warn');
  override debug = this.fail('debug');

  private fail(level: string) {
    return (): never => {
      this.lines.push(level);
      throw new Error('the logger is out of order');
    };
  }
}

const openWithBrokenLog = async (permissions: string[]) => {
  const broken = new BrokenLog();
  const opened = await openGuardedApp({
    controllers: [Payments],
    permissions: verifyingBy(),
    emulator: { permissions },
    prepare: (app: INestApplication) => app.useLogger(broken),
  });
  return { ...opened, said: broken.lines };
};

describe('A logger that throws', () => {
  afterEach(closeGuardedApps);

  it('does not stop the boot', async () => {
    const { said } = await openWithBrokenLog(['TX_READ']);
    // One about the missing permission, and one about the route without another guard.
    expect(said.filter((level) => level === 'warn')).toHaveLength(2);
  });

  it('does not change a denial, neither the answer nor the event', async () => {
    const { ask, events, said } = await openWithBrokenLog(['TX_READ']);
    said.length = 0;
    expect((await ask('/update')).status).toBe(403);
    expect((await ask('/callers')).status).toBe(401);
    expect(said).toEqual(['warn', 'debug']);
    const denials = events.filter(({ type }) => type === 'permission-denied');
    expect(denials).toMatchObject([
      { code: 'PORTONE_SERVICE_PERMISSION_MISSING' },
      { code: 'PORTONE_TOKEN_MISSING' },
    ]);
  });

  it('does not end the process when the permissions of our own token change', async () => {
    const { portone, tokens, said } = await openWithBrokenLog(['TX_UPDATE']);
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    try {
      said.length = 0;
      portone.setPermissions(['TX_READ']);
      await tokens.renew();
      // RxJS rethrows an error of a subscriber in a timer.
      await new Promise((resolve) => setTimeout(resolve));
      expect(said).toContain('warn');
      expect(uncaught).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
    }
  });
});
