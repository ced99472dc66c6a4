import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { RequirePermission } from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
} from '../e2e/permission/guarded-app.js';
import { VirtualTime } from '../support/virtual-time.js';
import { polluted } from '../support/polluted.js';

@Controller()
class Payments {
  @Get('payments')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  list() {
    return 'let in';
  }
}

/** An app that pins callers to its own merchant, as it does when none is configured. */
const openApp = (parts: Partial<Parameters<typeof openGuardedApp>[0]> = {}) =>
  openGuardedApp({
    controllers: [Payments],
    permissions: ({ jwksUri }) => ({ verification: { jwksUri } }),
    ...parts,
  });

describe('A polluted process lets no other caller in', () => {
  afterEach(closeGuardedApps);

  it.each([
    ['merchantIds', ['stranger']],
    ['merchantId', ['stranger']],
    ['merchant_id', 'stranger'],
    ['merchant_service', { merchant_id: 'stranger' }],
    ['storeId', 'another'],
    ['store_id', 'another'],
    ['publicKeys', { keys: [] }],
    ['clockTolerance', 1e9],
    ['maxTokenAge', 1e9],
    ['verifier', { verify: () => ({}) }],
    ['source', 'service'],
    ['options', { source: 'service' }],
    ['passAtOnce', () => () => ({})],
  ])('after the boot, by %s', async (name, value) => {
    const { portone, ask } = await openApp();
    const our = await portone.issueAccessToken();
    const their = await portone.issueAccessToken({
      merchant_service: { merchant_id: 'stranger', permissions: ['TX_READ'] },
    });
    const statuses = await polluted({ [name]: value }, async () => [
      (await ask('/payments', `Bearer ${our}`)).status,
      (await ask('/payments', `Bearer ${their}`)).status,
      (await ask('/payments')).status,
    ]);
    expect(statuses).toEqual([200, 401, 401]);
  });

  it('by permissions or a whole header for requests without one', async () => {
    const { portone, ask } = await openApp();
    const good = await portone.issueAccessToken();
    const { merchantId: merchant_id } = portone;
    const poor = await portone.issueAccessToken({
      merchant_service: { merchant_id, permissions: [] },
    });
    const nobodys = await portone.issueAccessToken({ merchant_service: {} });
    const statuses = await polluted(
      {
        permissions: ['TX_READ'],
        merchant_service: { merchant_id, permissions: ['TX_READ'] },
        merchant_id,
        authorization: `Bearer ${good}`,
        client: 'other',
        anyOf: ['TX_READ'],
        allOf: ['TX_READ'],
        audience: 'x',
        subject: 'x',
      },
      async () => [
        (await ask('/payments', `Bearer ${good}`)).status,
        (await ask('/payments', `Bearer ${poor}`)).status,
        (await ask('/payments', `Bearer ${nobodys}`)).status,
        (await ask('/payments')).status,
      ],
    );
    expect(statuses).toEqual([200, 403, 401, 401]);
  });

  it('before the boot, by a key of its own', async () => {
    const time = new VirtualTime();
    const portone = await openPortOne({ clock: time.trueTime });
    const evil = await generateKeyPair('ES256');
    const jwk = await exportJWK(evil.publicKey);
    const { ask } = await polluted(
      { publicKey: jwk, publicKeys: { keys: [jwk] } },
      () => openApp({ portone, time }),
    );
    const at = Math.floor(time.trueTime.now() / 1000);
    const forged = await new SignJWT({
      iss: 'IAMPORT',
      iat: at,
      exp: at + 60,
      merchant_service: {
        merchant_id: portone.merchantId,
        permissions: ['TX_READ'],
      },
    })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(evil.privateKey);
    const genuine = await portone.issueAccessToken();
    expect((await ask('/payments', `Bearer ${forged}`)).status).toBe(401);
    expect((await ask('/payments', `Bearer ${genuine}`)).status).toBe(200);
  });
});
