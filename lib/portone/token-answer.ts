import { Expose, plainToInstance } from 'class-transformer';
import { Matches, validateSync } from 'class-validator';
import {
  decodeAccessToken,
  decodeRefreshToken,
  type AccessTokenClaims,
  type RefreshTokenClaims,
} from './jwt-claims.js';
import { ownOnly } from './own-only.js';
import { TokenCallFailure } from './token-call.failure.js';

const COMPACT_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

// The reason for the `$` is in jwt-claims.ts.
class TokenAnswerDto {
  @Expose({ name: 'accessToken' })
  @Matches(COMPACT_JWT)
  readonly $accessToken!: string;

  @Expose({ name: 'refreshToken' })
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

/** Reads the body of a 200. HTML, an empty body, broken JSON or half a pair is a failure, never a token. */
export function readTokenAnswer(body: string, date: unknown): TokenAnswer {
  try {
    const dto = plainToInstance(TokenAnswerDto, ownOnly(JSON.parse(body)));
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
      'the answer with status 200 holds no well-formed pair of tokens',
    );
  }
}
