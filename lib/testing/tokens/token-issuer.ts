import { randomUUID } from 'node:crypto';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';
import { ALL_PERMISSIONS } from './all-permissions.js';
import type { PortOneEmulatorOptions } from '../emulator-options.js';

/** The answer of both token endpoints. */
export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
}

/** When a token was issued and when it expires, in epoch seconds. */
export interface TokenTimes {
  iat: number;
  exp: number;
}

interface Grant {
  exp: number;
  permissions: readonly string[];
}

/** Signs JWTs as PortOne does, and knows which of them are valid. */
export class TokenIssuer {
  readonly merchantId: string;
  readonly storeId: string;
  readonly now: () => number;
  permissions: readonly string[];

  readonly #userId = `user-${randomUUID()}`;
  readonly #kid = randomUUID();
  readonly #accessTokenLifetime: number;
  readonly #refreshTokenLifetime: number;
  readonly #grants = new Map<string, Grant>();
  #refresh: { token: string; exp: number } | undefined;
  #turn = 0;

  private constructor(
    options: PortOneEmulatorOptions,
    private readonly keys: { privateKey: CryptoKey; publicKey: CryptoKey },
  ) {
    const clock = options.clock ?? Date;
    this.now = () => clock.now();
    this.merchantId = options.merchantId ?? 'merchant-emulator';
    this.storeId = options.storeId ?? 'store-emulator';
    this.permissions = [...(options.permissions ?? ALL_PERMISSIONS)];
    this.#accessTokenLifetime = options.accessTokenLifetime ?? 1800;
    this.#refreshTokenLifetime = options.refreshTokenLifetime ?? 86_400;
  }

  /** Makes an issuer with a new ES256 key. */
  static async create(options: PortOneEmulatorOptions): Promise<TokenIssuer> {
    return new TokenIssuer(options, await generateKeyPair('ES256'));
  }

  /** The public key, as `/.well-known/jwks.json` shows it. */
  async jwks(): Promise<JSONWebKeySet> {
    const key = await exportJWK(this.keys.publicKey);
    return { keys: [{ ...key, kid: this.#kid, alg: 'ES256', use: 'sig' }] };
  }

  /** A login: gives a new pair, and makes every earlier refresh token invalid. */
  async issue(): Promise<IssuedTokens> {
    const turn = this.#endRefreshToken();
    const permissions = this.permissions;
    const times = this.times();
    const refreshExp = times.iat + this.#refreshTokenLifetime;
    const pair = await this.sign(times, { ...times, exp: refreshExp });
    this.#grants.set(pair.accessToken, { exp: times.exp, permissions });
    // When another login or refresh started while this pair was signed, this refresh token is invalid already.
    if (turn === this.#turn) {
      this.#refresh = { token: pair.refreshToken, exp: refreshExp };
    }
    return pair;
  }

  /** A refresh: gives a new pair for the valid refresh token; `undefined` for any other token. */
  async exchange(refreshToken: string): Promise<IssuedTokens | undefined> {
    const current = this.#refresh;
    return current?.token === refreshToken && !this.#isPast(current.exp)
      ? this.issue()
      : undefined;
  }

  /** The permissions of a valid access token; `undefined` when it is unknown, revoked or expired. */
  permissionsOf(accessToken: string): readonly string[] | undefined {
    const grant = this.#grants.get(accessToken);
    return grant && !this.#isPast(grant.exp) ? grant.permissions : undefined;
  }

  revoke(accessToken?: string): void {
    if (accessToken === undefined) this.#grants.clear();
    else this.#grants.delete(accessToken);
  }

  revokeRefreshTokens(): void {
    this.#endRefreshToken();
  }

  /** `iat` now and `exp` one access token lifetime later. */
  times(): TokenTimes {
    const iat = Math.floor(this.now() / 1000);
    return { iat, exp: iat + this.#accessTokenLifetime };
  }

  /** Signs a pair that the API does not accept. */
  async sign(access: TokenTimes, refresh = access): Promise<IssuedTokens> {
    const [accessToken, refreshToken] = await Promise.all([
      this.signAccessToken({ ...access }),
      this.#jwt({
        salt: randomUUID(),
        user_id: this.#userId,
        iss: 'IAMPORT',
        exp: refresh.exp,
        iat: refresh.iat,
      }),
    ]);
    return { accessToken, refreshToken };
  }

  /** Signs an access token that the API does not accept. A claim that is `undefined` is left out. */
  signAccessToken(overrides: Record<string, unknown>): Promise<string> {
    const { merchantId: merchant_id, storeId: store_id } = this;
    return this.#jwt({
      user_id: this.#userId,
      iss: 'IAMPORT',
      custom_payload: { merchant_id, store_id },
      merchant_service: {
        include_permissions: true,
        merchant_id,
        store_id,
        belong_to: 'MERCHANT',
        permissions: this.permissions,
        whitelist: [],
      },
      ...this.times(),
      ...overrides,
    });
  }

  #jwt(claims: Record<string, unknown>): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ kid: this.#kid, typ: 'JWT', alg: 'ES256' })
      .sign(this.keys.privateKey);
  }

  #endRefreshToken(): number {
    this.#refresh = undefined;
    return ++this.#turn;
  }

  #isPast(exp: number): boolean {
    return this.now() >= exp * 1000;
  }
}
