import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** Signs tokens, and gives the public key that verifies them. */
export interface Signer {
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
}

export async function signer(kid: string): Promise<Signer> {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid };
  return { jwk, privateKey: keys.privateKey };
}
