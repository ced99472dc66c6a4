import type { CryptoKey, JWTHeaderParameters } from 'jose';

/** Finds the public key for a token by its header. The header names a key by `kid`, never a place to get one from. */
export type KeySource = (header: JWTHeaderParameters) => Promise<CryptoKey>;
