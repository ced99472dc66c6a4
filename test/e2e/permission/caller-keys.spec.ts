import { afterEach, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import type { AnswerFault } from '../../../lib/testing/index.js';
import { until, VirtualTime } from '../../support/virtual-time.js';
import { CallersPayments } from './callers-payments.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
  verifyingBy,
} from './guarded-app.js';
import { signer, type Signer } from './signer.js';

const COOLDOWN_MS = 30_000;

async function openApp() {
  const time = new VirtualTime();
  const opened = await openGuardedApp({
    controllers: [CallersPayments],
    permissions: verifyingBy(),
    time,
  });
  const { portone, ask } = opened;
  const at = () => Math.floor(time.trueTime.now() / 1000);
  const signedBy = ({ jwk, privateKey }: Signer, alg = 'ES256') =>
    new SignJWT({
      iss: 'IAMPORT',
      iat: at(),
      exp: at() + 60,
      merchant_service: {
        merchant_id: portone.merchantId,
        permissions: ['TX_READ'],
      },
    })
      .setProtectedHeader({ alg, ...(jwk.kid && { kid: jwk.kid }) })
      .sign(privateKey);
  const status = async (token: string): Promise<number> =>
    (await ask('/payments', `Bearer ${token}`)).status;
  /** From now on the emulator shows these keys instead of its own. */
  const publish = (...keys: Signer[]) =>
    portone.fail('jwks', {
      kind: 'status',
      status: 200,
      body: { keys: keys.map(({ jwk }) => jwk) },
    });
  return { ...opened, signedBy, status, publish };
}

/** 1,000 requests, 50 at a time. */
async function thousand(run: (index: number) => Promise<number>) {
  const seen = new Map<number, number>();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < 1000) {
      const got = await run(next++);
      seen.set(got, (seen.get(got) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return Object.fromEntries(seen);
}

describe('Keys from a jwksUri', () => {
  afterEach(closeGuardedApps);

  it('are fetched with the first request, and once for any number of requests', async () => {
    const { portone, status } = await openApp();
    expect(portone.calls.jwks).toBe(0);
    const token = await portone.issueAccessToken();
    const statuses = await Promise.all(
      Array.from({ length: 50 }, () => status(token)),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(portone.calls.jwks).toBe(1);
  });

  it('are not fetched for a token with another algorithm or with a key in its header', async () => {
    const { portone, status, signedBy } = await openApp();
    const { privateKey } = await generateKeyPair('ES384');
    const wrong = await signedBy({ jwk: { kid: 'x' }, privateKey }, 'ES384');
    const mine = await signer('x');
    const bringing = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', jwk: mine.jwk })
      .sign(mine.privateKey);
    expect([await status(wrong), await status(bringing)]).toEqual([401, 401]);
    expect(portone.calls.jwks).toBe(0);
  });

  it('are fetched once per cooldown for 1,000 requests with unknown kids', async () => {
    const { portone, status, signedBy, time } = await openApp();
    expect(await status(await portone.issueAccessToken())).toBe(200);
    const stranger = await signer('x');
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        signedBy({ ...stranger, jwk: { kid: `unknown-${index}` } }),
      ),
    );
    const send = (index: number) => status(tokens[index % 20]!);
    expect(await thousand(send)).toEqual({ 401: 1000 });
    expect(portone.calls.jwks).toBe(1);
    await time.advance(COOLDOWN_MS);
    expect(await thousand(send)).toEqual({ 401: 1000 });
    expect(portone.calls.jwks).toBe(2);
  }, 60_000);

  it('are fetched once per cooldown for 1,000 requests while the endpoint fails', async () => {
    const { portone, status, time } = await openApp();
    portone.fail('jwks', { kind: 'reset-before-answer' });
    const token = await portone.issueAccessToken();
    expect(await thousand(() => status(token))).toEqual({ 503: 1000 });
    expect(portone.calls.jwks).toBe(1);
    portone.heal('jwks');
    expect(await status(token)).toBe(503);
    await time.advance(COOLDOWN_MS);
    expect(await status(token)).toBe(200);
    expect(portone.calls.jwks).toBe(2);
  }, 60_000);

  it('are fetched again for a new kid after the cooldown', async () => {
    const { portone, status, signedBy, publish, time } = await openApp();
    const [old, young] = [await signer('old'), await signer('young')];
    publish(old);
    expect(await status(await signedBy(old))).toBe(200);
    publish(old, young);
    expect(await status(await signedBy(young))).toBe(401);
    await time.advance(COOLDOWN_MS);
    expect(await status(await signedBy(young))).toBe(200);
    expect(portone.calls.jwks).toBe(2);
  });

  it('are still used while the endpoint fails, and an unknown kid gets 503', async () => {
    const { portone, status, signedBy, publish, time } = await openApp();
    const [known, unknown] = [await signer('known'), await signer('unknown')];
    publish(known);
    expect(await status(await signedBy(known))).toBe(200);
    portone.fail('jwks', { kind: 'status', status: 500 });
    await time.advance(COOLDOWN_MS);
    expect(await status(await signedBy(unknown))).toBe(503);
    expect(await status(await signedBy(known))).toBe(200);
    expect(portone.calls.jwks).toBe(2);
  });

  it('are fetched again in the background after ten minutes, so that a removed key is rejected', async () => {
    const { portone, status, signedBy, publish, time } = await openApp();
    const withdrawn = await signer('withdrawn');
    publish(withdrawn);
    expect(await status(await signedBy(withdrawn))).toBe(200);
    const next = await signer('next');
    publish(next);
    await time.advance(601_000);
    expect(await status(await signedBy(withdrawn))).toBe(200);
    // A request with an unknown kid waits for the running fetch.
    expect(await status(await signedBy(next))).toBe(200);
    expect(await status(await signedBy(withdrawn))).toBe(401);
    expect(portone.calls.jwks).toBe(2);
  });

  it('are not taken from an answer with an error status, even if its body has keys', async () => {
    const { portone, status } = await openApp();
    const body: unknown = await (await fetch(portone.jwksUri)).json();
    portone.fail('jwks', { kind: 'status', status: 404, body });
    expect(await status(await portone.issueAccessToken())).toBe(503);
  });

  it('are not fetched from the target of a redirect', async () => {
    const { portone, status } = await openApp();
    const other = await openPortOne();
    portone.fail('jwks', { kind: 'redirect', location: other.jwksUri });
    expect(await status(await portone.issueAccessToken())).toBe(503);
    expect(other.calls.jwks).toBe(0);
  });

  it.each<AnswerFault>([
    { kind: 'hang' },
    { kind: 'slow-drip', intervalMs: 1 },
  ])('are waited for 5 s at most: %j', async (fault) => {
    const { portone, status, time } = await openApp();
    portone.fail('jwks', fault);
    let answered: number | undefined;
    const token = await portone.issueAccessToken();
    const request = status(token).then((got) => (answered = got));
    await until(() => portone.calls.jwks === 1);
    await time.advance(4_999);
    expect(answered).toBeUndefined();
    await time.advance(1);
    expect(await request).toBe(503);
  });

  it('are fetched from the configured URL only', async () => {
    const { status, portone } = await openApp();
    const other = await openPortOne();
    const mine = await signer('x');
    const elsewhere = { jku: other.jwksUri, x5u: other.jwksUri };
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', ...elsewhere })
      .sign(mine.privateKey);
    expect(await status(token)).toBe(401);
    expect([other.calls.jwks, portone.calls.jwks]).toEqual([0, 0]);
  });
});
