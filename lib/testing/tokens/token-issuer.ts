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

/** Signs JWTs as PortOne does, and remembers which of them are valid. */
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

  /** Makes an issuer with an ES256 key of its own. */
  static async create(options: PortOneEmulatorOptions): Promise<TokenIssuer> {
    return new TokenIssuer(options, await generateKeyPair('ES256'));
  }

  /** The public key, as `/.well-known/jwks.json` shows it. */
  async jwks(): Promise<JSONWebKeySet> {
    const key = await exportJWK(this.keys.publicKey);
    return { keys: [{ ...key, kid: this.#kid, alg: 'ES256', use: 'sig' }] };
  }

  /** A login: a new pair, and the end of every earlier refresh token. */
  async issue(): Promise<IssuedTokens> {
    const turn = this.#kill();
    const permissions = this.permissions;
    const times = this.times();
    const refreshExp = times.iat + this.#refreshTokenLifetime;
    const pair = await this.sign(times, { ...times, exp: refreshExp });
    this.#grants.set(pair.accessToken, { exp: times.exp, permissions });
    // A later login or refresh may have overtaken this one while it was signed.
    if (turn === this.#turn) {
      this.#refresh = { token: pair.refreshToken, exp: refreshExp };
    }
    return pair;
  }

  /** A refresh: a new pair for the one valid refresh token; `undefined` for any other. */
  async exchange(refreshToken: string): Promise<IssuedTokens | undefined> {
    const current = this.#refresh;
    return current?.token === refreshToken && !this.#past(current.exp)
      ? this.issue()
      : undefined;
  }

  /** The permissions of a valid access token; `undefined` when it is unknown, revoked or expired. */
  permissionsOf(accessToken: string): readonly string[] | undefined {
    const grant = this.#grants.get(accessToken);
    return grant && !this.#past(grant.exp) ? grant.permissions : undefined;
  }

  revoke(accessToken?: string): void {
    if (accessToken === undefined) this.#grants.clear();
    else this.#grants.delete(accessToken);
  }

  revokeRefreshTokens(): void {
    this.#kill();
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

  /** Signs an access token that the API does not accept. A claim of `undefined` is left out. */
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

  #kill(): number {
    this.#refresh = undefined;
    return ++this.#turn;
  }

  #past(exp: number): boolean {
    return this.now() >= exp * 1000;
  }
}
