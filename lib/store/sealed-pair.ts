import { hkdfSync, webcrypto } from 'node:crypto';
import { compactDecrypt, CompactEncrypt } from 'jose';

/** The tokens of one renewal, as the store keeps them for all instances with the same secret. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The whole life of the access token in ms, from the moment its request was sent. */
  readonly lifetimeMs: number;
  /** How long the refresh token may be used, in ms from the same moment. */
  readonly refreshLifetimeMs: number;
  /** Set when the token was fetched because of a 401. */
  readonly cure?: Cure;
  /** Where and when the pair was written, if the store could say so. */
  readonly written?: PairWritten;
}

/** A cure is a token that was fetched because of a 401. This is what the fetching instance tells other instances about the cure. */
export interface Cure {
  /** Hashes of the endpoint whose 401 caused the renewal, and of other endpoints that are known to refuse new tokens. */
  readonly endpoints: readonly string[];
  /** How long forced renewals pause when one of these endpoints refuses the cure too, in ms. */
  readonly pauseMs: number;
}

/** Sealed with the pair, so that an old record written back to the store is recognised as old. */
export interface PairWritten {
  readonly generation: number;
  /** When the request for the pair was sent, by the store's own clock, in ms. */
  readonly bornAtMs: number;
}

/** This package never seals a longer value, so a longer one is not decrypted. */
const MAX_SEALED_LENGTH = 65_536;

/** Where the pair of one API secret at one origin is kept, and how it is sealed there (RFC 7516 `dir` with `A256GCM`). */
export interface PairSeal {
  /** The key in the store. It reveals nothing about the secret, and each origin has another key. */
  readonly key: string;
  seal(pair: TokenPair): Promise<string>;
  /** Undefined for a value that was not sealed with the same secret for the same origin. Such a value counts as no record. */
  open(sealed: string): Promise<TokenPair | undefined>;
}

const derive = (secret: string, purpose: string, origin: string, bytes = 32) =>
  new Uint8Array(
    hkdfSync(
      'sha256',
      secret,
      'nestjs-portone-auth',
      `v1 ${purpose} ${origin}`,
      bytes,
    ),
  );

/**
 * Derives the store's key and the encryption key from secret and origin by HKDF-SHA256 (RFC 5869). An instance needs only the
 * secret, and a record that was moved to another origin's key cannot be opened.
 */
export function pairSeal(apiSecret: string, origin: string): PairSeal {
  const encryptionKey = webcrypto.subtle.importKey(
    'raw',
    derive(apiSecret, 'encryption', origin),
    'AES-GCM',
    false,
    ['encrypt', 'decrypt'],
  );
  const key = Buffer.from(derive(apiSecret, 'name', origin, 16)).toString(
    'base64url',
  );
  // Usually the record that this instance sealed last is opened, so its pair is remembered and need not be decrypted.
  let last: { readonly sealed: string; readonly pair: TokenPair } | undefined;
  return {
    key,
    seal: async (pair) => {
      const text = new TextEncoder().encode(JSON.stringify(pair));
      const sealed = await new CompactEncrypt(text)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(await encryptionKey);
      last = { sealed, pair };
      return sealed;
    },
    open: async (sealed) => {
      if (sealed === last?.sealed) return last.pair;
      if (sealed.length > MAX_SEALED_LENGTH) return undefined;
      try {
        const { plaintext } = await compactDecrypt(
          sealed,
          await encryptionKey,
          {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
          },
        );
        const pair: unknown = JSON.parse(new TextDecoder().decode(plaintext));
        return isPair(pair) ? pair : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** Another version of this package may use the same store, and seal something else. */
function isPair(value: unknown): value is TokenPair {
  const { accessToken, refreshToken, ...rest } = fieldsOf(value);
  const { lifetimeMs, refreshLifetimeMs, cure, written } = rest;
  return (
    typeof accessToken === 'string' &&
    typeof refreshToken === 'string' &&
    [lifetimeMs, refreshLifetimeMs].every(Number.isFinite) &&
    (cure === undefined || isCure(fieldsOf(cure))) &&
    (written === undefined || isWritten(fieldsOf(written)))
  );
}

const isCure = ({ endpoints, pauseMs }: Partial<Record<keyof Cure, unknown>>) =>
  Number.isFinite(pauseMs) &&
  Array.isArray(endpoints) &&
  endpoints.every((name) => typeof name === 'string');

const isWritten = ({
  generation,
  bornAtMs,
}: Partial<Record<keyof PairWritten, unknown>>) =>
  [generation, bornAtMs].every(Number.isFinite);

const fieldsOf = (value: unknown): Partial<Record<string, unknown>> =>
  Object(value) as Record<string, unknown>;
