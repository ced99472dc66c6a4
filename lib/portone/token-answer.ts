import { Expose, plainToInstance } from 'class-transformer';
import { Matches, MaxLength, validateSync } from 'class-validator';
import {
  decodeAccessToken,
  decodeRefreshToken,
  type AccessTokenClaims,
  type RefreshTokenClaims,
} from './jwt-claims.js';
import { ownOnly } from './own.js';
import { TokenCallFailure } from './token-call.failure.js';

const COMPACT_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Node and other servers accept 16 KiB of headers in all, so a longer token could not be sent. */
const MAX_JWT = 16 * 1024;

// The reason for the `$` is in jwt-claims.ts.
class TokenAnswerDto {
  @Expose({ name: 'accessToken' })
  @MaxLength(MAX_JWT)
  @Matches(COMPACT_JWT)
  readonly $accessToken!: string;

  @Expose({ name: 'refreshToken' })
  @MaxLength(MAX_JWT)
  @Matches(COMPACT_JWT)
  readonly $refreshToken!: string;
}

/** A pair of tokens PortOne has just issued. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly claims: AccessTokenClaims;
  readonly refreshClaims: RefreshTokenClaims;
  /** The `Date` of the response in milliseconds since 1970: PortOne's clock, not ours. */
  readonly answeredAt?: number;
}

/** Reads the body of a 200. Throws {@link TokenCallFailure} for HTML, an empty body, broken JSON, or one token alone. */
export function readTokenAnswer(
  call: string,
  body: string,
  date: unknown,
): TokenAnswer {
  try {
    const dto = plainToInstance(TokenAnswerDto, ownOnly(JSON.parse(body)), {
      excludeExtraneousValues: true,
    });
    if (validateSync(dto).length > 0) throw new TypeError();
    const answeredAt = typeof date === 'string' ? Date.parse(date) : NaN;
    return {
      accessToken: dto.$accessToken,
      refreshToken: dto.$refreshToken,
      claims: decodeAccessToken(dto.$accessToken),
      refreshClaims: decodeRefreshToken(dto.$refreshToken),
      ...(Number.isNaN(answeredAt) ? {} : { answeredAt }),
    };
  } catch {
    throw new TokenCallFailure(
      'PORTONE_TOKEN_RESPONSE_INVALID',
      `${call} was answered with status 200 and no well-formed pair of tokens`,
    );
  }
}
