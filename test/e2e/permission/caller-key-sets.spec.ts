import { afterEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import type { AnswerFault } from '../../../lib/testing/index.js';
import { CallersPayments } from './callers-payments.js';
import {
  closeGuardedApps,
  openGuardedApp,
  verifyingBy,
  type GuardedApp,
} from './guarded-app.js';

const COOLDOWN_MS = 30_000;

const openApp = () =>
  openGuardedApp({
    controllers: [CallersPayments],
    permissions: verifyingBy(),
  });

const statusFor = async (
  { ask, portone }: GuardedApp,
  token?: string,
): Promise<number> => {
  const sent = token ?? (await portone.issueAccessToken());
  return (await ask('/payments', `Bearer ${sent}`)).status;
};

const publicJwk = async (alg: string, kid = 'x'): Promise<JWK> => {
  const { publicKey } = await generateKeyPair(alg);
  return { ...(await exportJWK(publicKey)), kid };
};
const es256 = await publicJwk('ES256');
const keyPair = await generateKeyPair('ES256', { extractable: true });
const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 'mine', alg: 'HS256' };

const shows = (body: object): AnswerFault => ({
  kind: 'status',
  status: 200,
  body,
});

const withoutUsableKey: [string, AnswerFault][] = [
  ['no key', shows({ keys: [] })],
  ['only RSA', shows({ keys: [await publicJwk('RS256')] })],
  ['only a shared secret', shows({ keys: [secret] })],
  ['a private key', shows({ keys: [await exportJWK(keyPair.privateKey)] })],
  ['another curve', shows({ keys: [await publicJwk('ES384')] })],
  ['a key for encryption', shows({ keys: [{ ...es256, use: 'enc' }] })],
  ['a key for signing', shows({ keys: [{ ...es256, key_ops: ['sign'] }] })],
  ['a key for ES384', shows({ keys: [{ ...es256, alg: 'ES384' }] })],
  ['a point off the curve', shows({ keys: [{ ...es256, y: es256.x }] })],
  ['half a key', shows({ keys: [{ kty: 'EC', crv: 'P-256' }] })],
  ['values that are no keys', shows({ keys: [null, 1, 'key', [], {}] })],
];

describe('The keys of a jwksUri', () => {
  afterEach(closeGuardedApps);

  it.each<[string, AnswerFault]>([
    ['an HTML page', { kind: 'html' }],
    ['an empty body', { kind: 'empty-body' }],
    ['broken JSON', { kind: 'broken-json' }],
    ['a body cut short', { kind: 'truncated' }],
    ['no JWKS', shows({ keys: 'none' })],
    ['a list', shows([es256])],
    ['more than 64 KiB', shows({ keys: [es256], note: 'x'.repeat(70_000) })],
    ['a 404', { kind: 'status', status: 404 }],
    ['a 204', { kind: 'status', status: 204 }],
    ...withoutUsableKey,
  ])('are not found in an answer with %s: 503', async (_, fault) => {
    const opened = await openApp();
    opened.portone.fail('jwks', fault);
    expect(await statusFor(opened)).toBe(503);
  });

  it.each(withoutUsableKey)(
    'are not replaced by a later answer with %s',
    async (_, fault) => {
      const opened = await openApp();
      const { portone, time } = opened;
      expect(await statusFor(opened)).toBe(200);
      portone.fail('jwks', fault);
      await time.advance(601_000);
      // The first request starts a fetch in the background. The request with the unknown kid waits for it.
      expect(await statusFor(opened)).toBe(200);
      const unknown = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'unknown' })
        .sign(keyPair.privateKey);
      expect(await statusFor(opened, unknown)).toBe(503);
      expect(portone.calls.jwks).toBe(2);
      expect(await statusFor(opened)).toBe(200);
    },
  );

  it('are found among keys of other kinds', async () => {
    const opened = await openApp();
    const { portone } = opened;
    const { keys } = (await (await fetch(portone.jwksUri)).json()) as {
      keys: JWK[];
    };
    const others = [secret, await publicJwk('RS256'), null, { ...es256, x: 1 }];
    portone.fail('jwks', shows({ keys: [...others, ...keys] }));
    expect(await statusFor(opened)).toBe(200);
  });

  it('do not verify a token that was signed with a shared secret of the set', async () => {
    const opened = await openApp();
    opened.portone.fail('jwks', shows({ keys: [secret, es256] }));
    const hmac = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'mine' })
      .sign(new TextEncoder().encode('secret'));
    expect(await statusFor(opened, hmac)).toBe(401);
  });

  it('are no longer used an hour after the last successful fetch', async () => {
    const opened = await openApp();
    const { portone, time } = opened;
    expect(await statusFor(opened)).toBe(200);
    portone.fail('jwks', shows({ keys: [] }));
    await time.advance(3_600_001);
    const { status, headers, body } = await opened.ask(
      '/payments',
      `Bearer ${await portone.issueAccessToken()}`,
    );
    expect([status, headers['retry-after']]).toEqual([503, '30']);
    expect(body).toContain('PORTONE_KEYS_UNAVAILABLE');
  });
});

describe('The log about a jwksUri', () => {
  afterEach(closeGuardedApps);

  it('has one warning with the cause when fetches begin to fail, and one line when they work again', async () => {
    const opened = await openApp();
    const { portone, time, log } = opened;
    const about = () => log.lines.filter((line) => line.includes('/jwks'));
    portone.fail('jwks', { kind: 'status', status: 500 });
    for (let round = 0; round < 3; round += 1) {
      expect(await statusFor(opened)).toBe(503);
      await time.advance(COOLDOWN_MS);
    }
    expect(about()).toEqual([
      expect.stringMatching(
        /^warn PortOneAuth:default: .* from http:.*\/jwks.*: it answered 500\./,
      ),
    ]);
    portone.heal('jwks');
    expect(await statusFor(opened)).toBe(200);
    await time.advance(601_000);
    expect(await statusFor(opened)).toBe(200);
    expect(about().slice(1)).toEqual([
      expect.stringMatching(
        /^log PortOneAuth:default: .* fetched from .* again/,
      ),
    ]);
  });

  it.each<[string, AnswerFault]>([
    ['could not be reached (ECONNRESET)', { kind: 'reset-before-answer' }],
    ['answered 307', { kind: 'redirect', location: 'https://evil.example' }],
    ['answered with something that is not JSON', { kind: 'html' }],
    ['holds no P-256 public key for ES256', shows({ keys: [] })],
    ['answered with more than 64 KiB', shows({ a: 'x'.repeat(70_000) })],
  ])('says that the endpoint %s', async (cause, fault) => {
    const opened = await openApp();
    opened.portone.fail('jwks', fault);
    await statusFor(opened);
    expect(opened.log.lines.join('\n')).toContain(`: it ${cause}. `);
  });
});
