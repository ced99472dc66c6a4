import { afterEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CallersPayments } from '../e2e/permission/callers-payments.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
} from '../e2e/permission/guarded-app.js';
import { VirtualTime } from '../support/virtual-time.js';
import { polluted } from '../support/polluted.js';

/** Opens an app without a configured merchant, which accepts only callers of its own merchant. */
const openApp = (parts: Partial<Parameters<typeof openGuardedApp>[0]> = {}) =>
  openGuardedApp({
    controllers: [CallersPayments],
    permissions: ({ jwksUri }) => ({ verification: { jwksUri } }),
    ...parts,
  });

describe('A polluted Object.prototype gives no other caller access', () => {
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
  ])('after the boot: %s', async (name, value) => {
    const { portone, ask } = await openApp();
    const good = await portone.issueAccessToken();
    const ofStranger = await portone.issueAccessToken({
      merchant_service: { merchant_id: 'stranger', permissions: ['TX_READ'] },
    });
    const statuses = await polluted({ [name]: value }, async () => [
      (await ask('/payments', `Bearer ${good}`)).status,
      (await ask('/payments', `Bearer ${ofStranger}`)).status,
      (await ask('/payments')).status,
    ]);
    expect(statuses).toEqual([200, 401, 401]);
  });

  it('with permissions, claims or an Authorization header in it', async () => {
    const { portone, ask } = await openApp();
    const good = await portone.issueAccessToken();
    const { merchantId: merchant_id } = portone;
    const withoutPermission = await portone.issueAccessToken({
      merchant_service: { merchant_id, permissions: [] },
    });
    const withoutMerchant = await portone.issueAccessToken({
      merchant_service: {},
    });
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
        (await ask('/payments', `Bearer ${withoutPermission}`)).status,
        (await ask('/payments', `Bearer ${withoutMerchant}`)).status,
        (await ask('/payments')).status,
      ],
    );
    expect(statuses).toEqual([200, 403, 401, 401]);
  });

  it('before the boot: with a public key in it', async () => {
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
