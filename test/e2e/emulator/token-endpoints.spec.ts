import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
} from 'jose';
import { openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

describe('The token endpoints', () => {
  it('issue tokens with the documented header and claims', async () => {
    const { portone, login } = await openEmulator();
    const { status, data } = await login();
    expect(status).toBe(200);
    expect(Object.keys(data)).toEqual(['accessToken', 'refreshToken']);
    expect(decodeProtectedHeader(data.accessToken)).toEqual({
      kid: expect.any(String),
      typ: 'JWT',
      alg: 'ES256',
    });
    const access = decodeJwt(data.accessToken);
    expect(access).toEqual({
      user_id: expect.any(String),
      iss: 'IAMPORT',
      iat: expect.any(Number),
      exp: (access.iat as number) + 1800,
      custom_payload: {
        merchant_id: portone.merchantId,
        store_id: portone.storeId,
      },
      merchant_service: {
        include_permissions: true,
        merchant_id: portone.merchantId,
        store_id: portone.storeId,
        belong_to: 'MERCHANT',
        permissions: portone.permissions,
        whitelist: [],
      },
    });
    expect(portone.permissions).toHaveLength(15);
    const claims = decodeJwt(data.refreshToken);
    expect(Object.keys(claims).sort()).toEqual(
      ['exp', 'iat', 'iss', 'salt', 'user_id'].sort(),
    );
    expect(claims.exp).toBe((claims.iat as number) + 86_400);
  });

  it('reject a wrong secret, a malformed body and a secret that was replaced', async () => {
    const { portone, login } = await openEmulator();
    const old = portone.apiSecret;
    expect(await login('wrong')).toMatchObject({
      status: 401,
      data: { type: 'UNAUTHORIZED', message: expect.any(String) },
    });
    for (const bad of [5, '', null]) {
      expect(await login(bad)).toMatchObject({
        status: 400,
        data: { type: 'INVALID_REQUEST' },
      });
    }
    portone.setApiSecret('the-new-one');
    expect((await login(old)).status).toBe(401);
    expect((await login('the-new-one')).status).toBe(200);
  });

  it('accept only the newest refresh token, while older access tokens stay valid', async () => {
    const { portone, login, refresh, payment } = await openEmulator();
    const { data: first } = await login();
    const { data: second } = await refresh(first.refreshToken);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    const { data: third } = await login();
    expect((await refresh(second.refreshToken)).status).toBe(401);
    portone.revokeRefreshTokens();
    expect(await refresh(third.refreshToken)).toMatchObject({
      status: 401,
      data: { type: 'UNAUTHORIZED' },
    });
    for (const { accessToken } of [first, second, third]) {
      expect((await payment(accessToken)).status).toBe(200);
    }
  });

  it('accept one of two refreshes at the same time with the same token', async () => {
    const { login, refresh } = await openEmulator();
    const { data } = await login();
    const answers = await Promise.all(
      [1, 2].map(() => refresh(data.refreshToken)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await refresh(winner?.data.refreshToken ?? '')).status).toBe(200);
  });

  it('follow the given clock in claims, expiry and the Date header', async () => {
    let now = Date.UTC(2031, 0, 1);
    const { login, refresh, payment } = await openEmulator({
      clock: { now: () => now },
    });
    const { data, headers } = await login();
    expect(headers['date']).toBe(new Date(now).toUTCString());
    expect(decodeJwt(data.accessToken).iat).toBe(now / 1000);
    now += 1_799_999;
    expect((await payment(data.accessToken)).status).toBe(200);
    now += 1;
    expect((await payment(data.accessToken)).status).toBe(401);
    now += 86_400_000;
    expect((await refresh(data.refreshToken)).status).toBe(401);
  });

  it('publish the key of their tokens; issueAccessToken() signs other tokens with it', async () => {
    const { portone, login, refresh, payment } = await openEmulator();
    const keys = createRemoteJWKSet(new URL(portone.jwksUri));
    const { data } = await login();
    const other = await portone.issueAccessToken({ iss: 'OTHER', exp: 4e9 });
    await jwtVerify(data.accessToken, keys, { issuer: 'IAMPORT' });
    const { payload } = await jwtVerify(other, keys);
    expect(payload).toMatchObject({ iss: 'OTHER', exp: 4e9 });
    expect((await refresh(data.refreshToken)).status).toBe(200);
    expect((await payment(other)).status).toBe(401);
  });
});
