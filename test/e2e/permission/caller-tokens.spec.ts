import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTHeaderParameters,
} from 'jose';
import { type CallerVerificationOptions } from '../../../lib/index.js';
import { VirtualTime } from '../../support/virtual-time.js';
import { CallersPayments } from './callers-payments.js';
import { closeGuardedApps, openGuardedApp } from './guarded-app.js';

const MERCHANT = 'merchant-mine';
let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
let pem: string;
let time: VirtualTime;

beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true });
  pem = await exportSPKI(keys.publicKey);
});

const now = (): number => Math.floor(time.trueTime.now() / 1000);
const goodClaims = () => ({
  iss: 'IAMPORT',
  iat: now(),
  exp: now() + 1800,
  merchant_service: {
    merchant_id: MERCHANT,
    store_id: 'store-1',
    permissions: ['TX_READ'],
  },
});

const sign = (
  claims: Record<string, unknown> = {},
  header: Partial<JWTHeaderParameters> = {},
  key: CryptoKey | Uint8Array = keys.privateKey,
): Promise<string> =>
  new SignJWT({ ...goodClaims(), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'any', ...header })
    .sign(key);

async function openVerifier(
  verification: Partial<CallerVerificationOptions> = {},
) {
  time = new VirtualTime();
  const opened = await openGuardedApp({
    controllers: [CallersPayments],
    time,
    permissions: () => ({
      verification: { publicKey: pem, merchantId: MERCHANT, ...verification },
    }),
  });
  const verdict = async (token: string): Promise<string> => {
    const { status, body } = await opened.ask('/payments', `Bearer ${token}`);
    return status === 200 ? body : (JSON.parse(body) as { code: string }).code;
  };
  return { ...opened, verdict };
}

const INVALID = 'PORTONE_TOKEN_INVALID';
const WRONG_MERCHANT = 'PORTONE_TOKEN_WRONG_MERCHANT';
const INSUFFICIENT = 'PORTONE_INSUFFICIENT_PERMISSION';

describe("A caller's token", () => {
  afterEach(closeGuardedApps);

  it('is accepted with a configured PEM, JWK or JWKS', async () => {
    const jwk = await exportJWK(keys.publicKey);
    const named = { ...jwk, kid: 'any' };
    const foreign = await generateKeyPair('ES256', { extractable: true });
    const other = { ...(await exportJWK(foreign.publicKey)), kid: 'other' };
    for (const publicKey of [pem, jwk, named, { keys: [other, named] }]) {
      const { verdict } = await openVerifier({ publicKey });
      expect(await verdict(await sign())).toBe('let in');
    }
  });

  it('must name the configured key by its kid, if that key has one', async () => {
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'mine' };
    const { verdict } = await openVerifier({ publicKey: jwk });
    expect(await verdict(await sign({}, { kid: 'mine' }))).toBe('let in');
    expect(await verdict(await sign({}, { kid: 'other' }))).toBe(INVALID);
  });

  it('is rejected with any other algorithm, even with the PEM as an HMAC secret', async () => {
    const { verdict } = await openVerifier();
    const secret = new TextEncoder().encode(pem);
    const rsa = await generateKeyPair('RS256');
    const p384 = await generateKeyPair('ES384');
    const tokens = [
      new UnsecuredJWT(goodClaims()).encode(),
      await sign({}, { alg: 'HS256' }, secret),
      await sign({}, { alg: 'RS256' }, rsa.privateKey),
      await sign({}, { alg: 'ES384' }, p384.privateKey),
    ];
    for (const token of tokens) expect(await verdict(token)).toBe(INVALID);
  });

  it('is rejected when another key signed it, when it was altered, or when its header has a key', async () => {
    const { verdict } = await openVerifier();
    const foreign = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(foreign.publicKey);
    const [header, , signature] = (await sign()).split('.');
    const altered = { ...goodClaims(), exp: now() + 1801 };
    const payload = Buffer.from(JSON.stringify(altered));
    const tokens = [
      await sign({}, {}, foreign.privateKey),
      `${header}.${payload.toString('base64url')}.${signature}`,
      await sign({}, { jwk }, foreign.privateKey),
      // The signature is valid, but nothing in a token may choose the key.
      await sign({}, { jwk: await exportJWK(keys.publicKey) }),
      await sign({}, { jku: 'https://keys.example/jwks.json' }),
      await sign({}, { x5u: 'https://keys.example/cert.pem' }),
      await sign({}, { x5c: ['MII'] }),
    ];
    for (const token of tokens) expect(await verdict(token)).toBe(INVALID);
  });

  it('is valid from iat to exp and for an hour at most, with a tolerance of 5 s', async () => {
    const { verdict } = await openVerifier();
    const at = now();
    const cases: [Record<string, unknown>, string][] = [
      [{ exp: undefined }, INVALID],
      [{ iat: undefined }, INVALID],
      [{ exp: String(at + 60) }, INVALID],
      [{ exp: at - 6 }, INVALID],
      [{ exp: at - 4 }, 'let in'],
      [{ iat: at + 6 }, INVALID],
      [{ iat: at + 4 }, 'let in'],
      [{ iat: at - 3606, exp: at + 60 }, INVALID],
      [{ iat: at - 3604, exp: at + 60 }, 'let in'],
      [{ nbf: at + 6 }, INVALID],
    ];
    for (const [claims, expected] of cases) {
      expect([claims, await verdict(await sign(claims))]).toEqual([
        claims,
        expected,
      ]);
    }
  });

  it("is checked by this app's clock, with the configured tolerance and age", async () => {
    const { verdict } = await openVerifier({
      clockTolerance: 0,
      maxTokenAge: 60,
    });
    const token = await sign();
    expect(await verdict(token)).toBe('let in');
    await time.advance(60_000);
    expect(await verdict(token)).toBe('let in');
    await time.advance(1_000);
    expect(await verdict(token)).toBe(INVALID);
  });

  it('is rejected when its issuer is not IAMPORT', async () => {
    const { verdict } = await openVerifier();
    for (const iss of [undefined, 'iamport', 'EVIL', ['IAMPORT', 'EVIL']]) {
      expect(await verdict(await sign({ iss }))).toBe(INVALID);
    }
  });

  it('must belong to a configured merchant, and to the store if one is configured', async () => {
    const { verdict } = await openVerifier({
      merchantId: [MERCHANT, 'merchant-sister'],
      storeId: 'store-1',
    });
    const of = (merchant_id: unknown, store_id: unknown = 'store-1') =>
      sign({
        merchant_service: { merchant_id, store_id, permissions: ['TX_READ'] },
        custom_payload: { merchant_id: MERCHANT, store_id: 'store-1' },
      });
    expect(await verdict(await of(MERCHANT))).toBe('let in');
    expect(await verdict(await of('merchant-sister'))).toBe('let in');
    for (const token of [
      await of('merchant-other'),
      await of(undefined),
      await of([MERCHANT]),
      await of(MERCHANT, 'store-2'),
      await of(MERCHANT, null),
      await sign({ merchant_service: undefined }),
      await sign({ merchant_service: [MERCHANT] }),
    ]) {
      expect(await verdict(token)).toBe(WRONG_MERCHANT);
    }
  });

  it('must belong to the merchant of our own token when none is configured', async () => {
    const { verdict, portone } = await openVerifier({ merchantId: undefined });
    const of = (merchant_id: string) =>
      sign({ merchant_service: { merchant_id, permissions: ['TX_READ'] } });
    expect(await verdict(await of(portone.merchantId))).toBe('let in');
    expect(await verdict(await of(MERCHANT))).toBe(WRONG_MERCHANT);
  });

  it('is denied when it names no merchant, even if our own token names none either', async () => {
    const { verdict, tokens } = await openVerifier({ merchantId: undefined });
    const claims = await tokens.getClaims();
    tokens.getClaims = () =>
      Promise.resolve({ ...claims, merchant_service: {} });
    const unnamed = { merchant_service: { permissions: ['TX_READ'] } };
    expect(await verdict(await sign(unnamed))).toBe(WRONG_MERCHANT);
  });

  it('grants nothing unless its permissions are an array of strings', async () => {
    const { verdict } = await openVerifier();
    const proto = JSON.parse(
      `{"merchant_id":"${MERCHANT}","__proto__":{"permissions":["TX_READ"]}}`,
    ) as object;
    const withPermissions = (permissions: unknown) => ({
      merchant_id: MERCHANT,
      permissions,
    });
    for (const merchant_service of [
      withPermissions('TX_READ'),
      withPermissions('TX_READ TX_UPDATE'),
      withPermissions({ TX_READ: true }),
      withPermissions({ 0: 'TX_READ', length: 1 }),
      withPermissions([['TX_READ']]),
      withPermissions([{ name: 'TX_READ' }]),
      withPermissions(null),
      withPermissions(undefined),
      withPermissions([]),
      withPermissions(['tx_read', 'TX_READ ', 'TX_READ,TX_UPDATE']),
      proto,
    ]) {
      expect(await verdict(await sign({ merchant_service }))).toBe(
        INSUFFICIENT,
      );
    }
  });
});
