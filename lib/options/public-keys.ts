import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';
import { own } from '../portone/own.js';

const PUBLIC_PEM =
  /^\s*-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\s*$/;

/** Typical faults of a key that comes from the environment. */
const PEM_FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^\s*["']/, 'it is in quotes: remove them'],
  [
    /\\n/,
    "it contains \\n as two characters: replace them by line breaks, as in key.replaceAll('\\\\n', '\\n')",
  ],
  [/^\s*[{[]/, 'it is the text of a JWK or JWKS: give JSON.parse(text)'],
  [/^\s*https?:/, 'it is a URL, which belongs in `jwksUri`'],
  [/BEGIN CERTIFICATE/, 'it is a certificate: take the public key out of it'],
  [/BEGIN RSA PUBLIC KEY/, 'it is an RSA key, and PortOne signs with ES256'],
];

/**
 * Makes a JWKS of P-256 public keys from a PEM, a JWK or a JWKS.
 *
 * @throws TypeError that says what is wrong, without the key
 */
export function readPublicKeys(given: unknown): JSONWebKeySet {
  if (typeof given === 'string') return { keys: [fromPem(given)] };
  const list = own(given, 'keys');
  const keys = (Array.isArray(list) ? list : [given]).map(fromJwk);
  const kids = new Set(keys.map(({ kid }) => kid));
  const isAmbiguous =
    keys.length > 1 && (kids.size < keys.length || kids.has(undefined));
  if (keys.length === 0 || isAmbiguous) {
    throw new TypeError('must hold at least one key, several with a kid each');
  }
  return { keys };
}

function fromPem(pem: string): JWK {
  if (/PRIVATE KEY/.test(pem)) throw isPrivate();
  const fault = PEM_FAULTS.find(([pattern]) => pattern.test(pem))?.[1];
  if (fault || !PUBLIC_PEM.test(pem)) {
    throw new TypeError(
      `must be a PEM that begins with BEGIN PUBLIC KEY${fault ? `; ${fault}` : ''}`,
    );
  }
  return p256(() => createPublicKey(pem));
}

function fromJwk(jwk: unknown): JWK {
  if (own(jwk, 'd') !== undefined || own(jwk, 'k') !== undefined) {
    throw isPrivate();
  }
  const kid = own(jwk, 'kid');
  const key = p256(() => createPublicKey({ key: jwk as never, format: 'jwk' }));
  return { ...key, ...(typeof kid === 'string' && { kid }) };
}

function p256(read: () => KeyObject): JWK {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    // Node's error is dropped, because its message may quote the key.
  }
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError('must be a P-256 public key (ES256): PEM, JWK or JWKS');
  }
  return key.export({ format: 'jwk' }) as JWK;
}

const isPrivate = (): TypeError =>
  new TypeError(
    'is a private or secret key; set the public key only, and replace this key pair, because its private key has been exposed',
  );
