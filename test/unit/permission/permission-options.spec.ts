import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  AuthConfigurationError,
  type PermissionsOptions,
} from '../../../lib/index.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');

const pem = (key: KeyObject): string =>
  String(
    key.export({
      type: key.type === 'private' ? 'pkcs8' : 'spki',
      format: 'pem',
    }),
  );
const jwk = (key: KeyObject) => key.export({ format: 'jwk' });
const publicKey = pem(p256.publicKey);

const resolve = (permissions: unknown) =>
  resolveOptions(
    {
      apiSecret: 'secret',
      permissions: permissions as PermissionsOptions,
    },
    'default',
  ).permissions;

const problemsOf = (permissions: unknown): string[] => {
  try {
    resolve(permissions);
    return [];
  } catch (error) {
    const { problems, message } = error as AuthConfigurationError;
    expect(error).toBeInstanceOf(AuthConfigurationError);
    expect(message).not.toContain('PRIVATE KEY');
    return problems.map(({ field }) => field);
  }
};

const VERIFICATION = 'permissions.verification';
const KEY = `${VERIFICATION}.publicKey`;

describe('The permission options', () => {
  it('check our own token and warn at boot by default', () => {
    expect(resolve(undefined)).toEqual({
      source: 'service',
      bootCheck: 'warn',
    });
    expect(resolve({})).toEqual({ source: 'service', bootCheck: 'warn' });
  });

  it('verify with a tolerance of 5 s and a maximum age of an hour by default', () => {
    const jwksUri = 'https://keys.example/jwks.json';
    expect(resolve({ source: 'caller', verification: { jwksUri } })).toEqual({
      source: 'caller',
      bootCheck: 'warn',
      verification: { jwksUri, clockTolerance: 5, maxTokenAge: 3600 },
    });
  });

  it('keep only the fields of a key that verification needs', () => {
    const given = { ...jwk(p256.publicKey), kid: 'k', use: 'sig', note: 'x' };
    const { kty, crv, x, y } = jwk(p256.publicKey);
    const key = { kty, crv, x, y };
    const keysOf = (value: unknown) =>
      resolve({ verification: { publicKey: value } }).verification?.publicKeys;
    expect(keysOf(given)).toEqual({ keys: [{ ...key, kid: 'k' }] });
    expect(keysOf({ keys: [given] })).toEqual({ keys: [{ ...key, kid: 'k' }] });
    expect(keysOf(`\n${publicKey}\n`)).toEqual({ keys: [key] });
  });

  it.each<[string, unknown, string[]]>([
    ['an unknown source', { source: 'both' }, ['permissions.source']],
    ['an unknown boot check', { bootCheck: true }, ['permissions.bootCheck']],
    ['a misspelt option', { sorce: 'caller' }, ['permissions.sorce']],
    ['no verification of callers', { source: 'caller' }, [VERIFICATION]],
    ['no key', { verification: {} }, [VERIFICATION]],
    ['null', { verification: null }, [VERIFICATION]],
    [
      'publicKey and jwksUri together',
      { verification: { publicKey, jwksUri: 'https://a.example/' } },
      [VERIFICATION],
    ],
    [
      'a misspelt merchantId',
      { verification: { publicKey, merchantID: 'm' } },
      [`${VERIFICATION}.merchantID`],
    ],
  ])('with %s are a configuration error', (_, permissions, fields) => {
    expect(problemsOf(permissions)).toEqual(fields);
  });

  it.each<[string, object, string]>([
    ['http', { jwksUri: 'http://keys.example/' }, 'jwksUri'],
    ['credentials', { jwksUri: 'https://a:b@keys.example/' }, 'jwksUri'],
    ['file', { jwksUri: 'file:///etc/keys' }, 'jwksUri'],
    ['no merchant', { publicKey, merchantId: '' }, 'merchantId'],
    ['an empty list', { publicKey, merchantId: [] }, 'merchantId'],
    ['a number', { publicKey, merchantId: 7 }, 'merchantId'],
    [
      'an empty string in a list',
      { publicKey, merchantId: ['m', ''] },
      'merchantId',
    ],
    ['null for merchants', { publicKey, merchantId: null }, 'merchantId'],
    ['null for a store', { publicKey, storeId: null }, 'storeId'],
    ['null for keys', { jwksUri: null }, 'jwksUri'],
    ['an empty store', { publicKey, storeId: '' }, 'storeId'],
    ['a variable not set', { publicKey, storeId: 'undefined' }, 'storeId'],
    ['a merchant not set', { publicKey, merchantId: 'null' }, 'merchantId'],
    ['61 s', { publicKey, clockTolerance: 61 }, 'clockTolerance'],
    [
      'a negative tolerance',
      { publicKey, clockTolerance: -1 },
      'clockTolerance',
    ],
    ['a string', { publicKey, clockTolerance: '5s' }, 'clockTolerance'],
    ['an age of 0', { publicKey, maxTokenAge: 0 }, 'maxTokenAge'],
    ['an infinite age', { publicKey, maxTokenAge: Infinity }, 'maxTokenAge'],
  ])(
    'with %s in verification are a configuration error: %j',
    (_, verification, field) => {
      expect(problemsOf({ verification })).toEqual([
        `${VERIFICATION}.${field}`,
      ]);
    },
  );

  it('accept plain http for a loopback host', () => {
    expect(
      problemsOf({ verification: { jwksUri: 'http://127.0.0.1:8080/jwks' } }),
    ).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a private PEM', pem(p256.privateKey)],
    [
      'a private PEM after the public one',
      `${publicKey}${pem(p256.privateKey)}`,
    ],
    ['a private JWK', jwk(p256.privateKey)],
    ['a private JWK in a set', { keys: [jwk(p256.privateKey)] }],
    ['a secret JWK', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a P-384 PEM', pem(p384.publicKey)],
    ['a P-384 JWK', jwk(p384.publicKey)],
    ['an RSA PEM', pem(rsa.publicKey)],
    ['an RSA JWK', jwk(rsa.publicKey)],
    ['an Ed25519 key', pem(ed.publicKey)],
    ['a point that is not on the curve', { ...jwk(p256.publicKey), y: 'AAAA' }],
    ['a string that is no PEM', 'key'],
    ['an empty PEM', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----'],
    ['a number', 7],
    ['null', null],
    ['an empty set', { keys: [] }],
    [
      'two keys without a kid',
      { keys: [jwk(p256.publicKey), jwk(p256.publicKey)] },
    ],
    [
      'two keys with the same kid',
      {
        keys: [
          { ...jwk(p256.publicKey), kid: 'k' },
          { ...jwk(p256.publicKey), kid: 'k' },
        ],
      },
    ],
  ])('with %s as publicKey are a configuration error', (_, given) => {
    expect(problemsOf({ verification: { publicKey: given } })).toEqual([KEY]);
  });

  it.each([
    ['in quotes', `"${publicKey}"`, 'it is in quotes'],
    [
      'with line breaks as \\n',
      publicKey.replaceAll('\n', '\\n'),
      "key.replaceAll('\\\\n', '\\n')",
    ],
    ['as JSON', JSON.stringify(jwk(p256.publicKey)), 'JSON.parse(text)'],
    ['as a URL', 'https://keys.example/jwks', 'belongs in `jwksUri`'],
    [
      'as a certificate',
      publicKey.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
      'it is a certificate',
    ],
  ])('name the fault of a key %s', (_, given, fault) => {
    expect(() => resolve({ verification: { publicKey: given } })).toThrow(
      fault,
    );
  });
});
