import { afterEach, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../../lib/index.js';
import { closeGuardedApps, openGuardedApp } from './guarded-app.js';

@Controller()
class Payments {
  @Get('refund')
  @RequirePermission('TX_UPDATE')
  refund() {}

  @Get('settle')
  @RequirePermission('RECON_UPDATE')
  settle() {}
}

afterEach(closeGuardedApps);

it('A permission that our own token lacks is logged once for each route and token, and each denial is an event', async () => {
  const { ask, log, events, tokens } = await openGuardedApp({
    controllers: [Payments],
    emulator: { permissions: ['TX_READ'] },
  });
  const logged = () =>
    log.lines.filter((line) => line.includes('denied for client')).length;
  for (let call = 0; call < 50; call += 1) {
    expect((await ask('/refund')).status).toBe(403);
    expect((await ask('/settle')).status).toBe(403);
  }
  expect(logged()).toBe(2);
  expect(
    events.filter(({ type }) => type === 'permission-denied'),
  ).toHaveLength(100);
  await tokens.renew();
  await ask('/refund');
  await ask('/refund');
  expect(logged()).toBe(3);
});

it('While our own token is unavailable, that is logged once for each route', async () => {
  const { ask, log, portone, tokens } = await openGuardedApp({
    controllers: [Payments],
    options: { eager: false },
  });
  const logged = () =>
    log.lines.filter((line) => line.includes('PORTONE_TOKEN_UNAVAILABLE'))
      .length;
  portone.fail('tokens', { kind: 'status', status: 503 });
  for (let call = 0; call < 20; call += 1)
    expect((await ask('/refund')).status).toBe(503);
  expect(logged()).toBe(1);
  expect(tokens.peekAccessToken()).toBeUndefined();
});
