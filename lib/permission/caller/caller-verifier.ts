import { errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import { deepFreeze } from '../../portone/deep-freeze.js';
import type { AccessTokenClaims } from '../../portone/jwt-claims.js';
import type { Clock } from '../../time/clock.js';
import type { KeySource } from './key-source.js';
import { isPinned, type MerchantPin } from './merchant-pin.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';

/** Headers with which a token would bring or place its own key (RFC 7515, section 4.1). PortOne sends none of them. */
const KEY_BEARING = ['jwk', 'jku', 'x5c', 'x5u'];

/** Judges callers' tokens: ES256 by a configured key, issuer IAMPORT, alive, of the pinned merchant. */
export class CallerVerifier {
  /** Requests that come at once with one token share its verification; no verdict outlives that. */
  private readonly inFlight = new Map<string, Promise<AccessTokenClaims>>();

  constructor(
    private readonly keys: KeySource,
    private readonly life: { clockTolerance: number; maxTokenAge: number },
    private readonly pin: () => MerchantPin | Promise<MerchantPin>,
    private readonly clock: Clock,
  ) {}

  /** The frozen claims of a good token. Throws PermissionDeniedException for any other. */
  verify(token: string): Promise<AccessTokenClaims> {
    const running = this.inFlight.get(token);
    if (running) return running;
    const verdict = this.judge(token).finally(() =>
      this.inFlight.delete(token),
    );
    this.inFlight.set(token, verdict);
    return verdict;
  }

  private async judge(token: string): Promise<AccessTokenClaims> {
    const claims = await this.claimsOf(token);
    if (!isPinned(claims, await this.pin())) {
      throw new PermissionDeniedException('PORTONE_TOKEN_WRONG_MERCHANT', {
        reason: 'of another merchant or store',
      });
    }
    return deepFreeze(claims);
  }

  private async claimsOf(token: string): Promise<AccessTokenClaims> {
    try {
      const { payload } = await jwtVerify(token, this.keyFor, this.options());
      return payload as unknown as AccessTokenClaims;
    } catch (error) {
      if (PermissionDeniedException.is(error)) throw error;
      throw new PermissionDeniedException('PORTONE_TOKEN_INVALID', {
        reason: reasonOf(error),
      });
    }
  }

  /** jose asks for a key only when the algorithm is allowed. */
  private readonly keyFor: KeySource = (header) => {
    if (KEY_BEARING.some((name) => Object.hasOwn(header, name))) {
      throw new errors.JWSInvalid('the token brings its own key');
    }
    return this.keys(header);
  };

  private options(): JWTVerifyOptions {
    return {
      // Without a prototype: what pollutes Object.prototype must not become an option.
      __proto__: null,
      algorithms: ['ES256'],
      issuer: 'IAMPORT',
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(this.clock.now().wall),
      clockTolerance: this.life.clockTolerance,
      maxTokenAge: this.life.maxTokenAge,
    } as JWTVerifyOptions;
  }
}

/** jose's errors carry every claim, so only the code, and the name of the claim, may go on. */
const reasonOf = (error: unknown): string =>
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWTExpired
    ? `${error.code} ${error.claim}`
    : error instanceof errors.JOSEError
      ? error.code
      : 'it could not be verified';
