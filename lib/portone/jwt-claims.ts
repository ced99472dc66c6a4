import { decodeJwt } from 'jose';
import { Expose, plainToInstance, Type } from 'class-transformer';
import {
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
  validateSync,
} from 'class-validator';
import { deepFreeze, ownOnly } from './own.js';

// The `$` before each field: class-validator keeps rules in a plain object by field name, so a polluted `Object.prototype.exp`
// would break it. No other library and no request body uses names with `$`.

/** The end of the year 9999. A larger number is no real date, and very large numbers lose seconds in arithmetic. */
const LATEST_S = 253_402_300_799;
/** Ten years. PortOne documents 30 minutes and a day, so a longer lifetime is a mistake. */
const LONGEST_LIFE_S = 315_576_000;

/** PortOne's claims have four levels. Very deep nesting could overflow the stack of recursive code. */
const DEEPEST = 32;

/** In every PortOne JWT, in seconds since 1970. Only their difference is used; they are not compared with a clock. */
class TokenLifeClaims {
  @Expose({ name: 'exp' })
  @IsInt()
  @Min(0)
  @Max(LATEST_S)
  readonly $exp!: number;

  @Expose({ name: 'iat' })
  @IsInt()
  @Min(0)
  @Max(LATEST_S)
  readonly $iat!: number;
}

// `permissions` is not validated here: in `permissionsIn` anything but an array of strings grants nothing.
class MerchantServiceDto {
  @Expose({ name: 'merchant_id' })
  @IsOptional()
  @IsString()
  readonly $merchant_id?: string;

  @Expose({ name: 'store_id' })
  @IsOptional()
  @IsString()
  readonly $store_id?: string;
}

class AccessTokenDto extends TokenLifeClaims {
  @Expose({ name: 'merchant_service' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MerchantServiceDto)
  readonly $merchant_service?: MerchantServiceDto;
}

/** The claim `merchant_service` of a PortOne access token. PortOne defines all of these fields. */
export interface MerchantServiceClaims {
  /** Whether `permissions` lists what the token may do. */
  readonly include_permissions?: boolean;
  /** The merchant (고객사). */
  readonly merchant_id?: string;
  /** The store (상점) that the secret belongs to. */
  readonly store_id?: string;
  /** The kind of the token's owner, `MERCHANT` in PortOne's example. */
  readonly belong_to?: string;
  /** What the token may do, such as `TX_READ`. */
  readonly permissions?: readonly string[];
  /** Not documented by PortOne. Nothing here enforces it. */
  readonly whitelist?: readonly unknown[];
}

/** The decoded claims of an access token (PortOne V2, `POST /login/api-secret`). */
export interface AccessTokenClaims {
  /** The user to whom the API secret belongs. */
  readonly user_id?: string;
  /** The issuer, `IAMPORT`. */
  readonly iss?: string;
  /** Seconds since 1970. */
  readonly exp: number;
  /** Seconds since 1970. */
  readonly iat: number;
  /** In PortOne's example `merchant_id` and `store_id`. Not used here. */
  readonly custom_payload?: Readonly<Record<string, unknown>>;
  /** Merchant, store and permissions. */
  readonly merchant_service?: MerchantServiceClaims;
}

/** The claims of a refresh token that matter here. */
export interface RefreshTokenClaims {
  readonly exp: number;
  readonly iat: number;
}

function decode(jwt: string, dto: new () => TokenLifeClaims): object {
  const claims: object = decodeJwt(jwt);
  const checked = plainToInstance(dto, ownOnly(claims), {
    excludeExtraneousValues: true,
  });
  if (validateSync(checked).length > 0) {
    throw new TypeError('a claim is missing or of the wrong type');
  }
  const life = checked.$exp - checked.$iat;
  if (life <= 0) throw new TypeError('exp is not after iat');
  if (life > LONGEST_LIFE_S) throw new TypeError('exp is years after iat');
  return claims;
}

/** Decodes our own access token; it came from PortOne over TLS, so its signature is not checked. Throws if malformed. */
export const decodeAccessToken = (jwt: string): AccessTokenClaims =>
  deepFreeze(decode(jwt, AccessTokenDto), DEEPEST) as AccessTokenClaims;

/** Decodes a refresh token. Throws if malformed. */
export const decodeRefreshToken = (jwt: string): RefreshTokenClaims =>
  decode(jwt, TokenLifeClaims) as RefreshTokenClaims;
