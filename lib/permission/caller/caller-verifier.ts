import { errors, type JWTClaimVerificationOptions } from 'jose';
import type { AccessTokenClaims } from '../../portone/jwt-claims.js';
import { own } from '../../portone/own.js';
import { contextOfNow } from '../../time/async-context.js';
import type { Clock } from '../../time/clock.js';
import type { KeySource } from './key-set.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';
import { verifyToken } from './verify-token.js';

/** The merchants whose tokens are accepted. Needed because PortOne's tokens have no `aud`, and any merchant can get one. */
export interface MerchantPin {
  readonly merchantIds: readonly string[];
  /** Undefined: every store of the merchant. */
  readonly storeId?: string;
}

/** A running verification of one token. */
interface Verification {
  readonly token: string;
  readonly claims: Promise<AccessTokenClaims>;
}

/** Running verifications are found by this many characters at the end of the token, which is faster than by the whole token. */
const ENDING = 16;

/** Verifies callers' tokens: signature (ES256, a configured key), issuer IAMPORT, expiry, and an accepted merchant. */
export class CallerVerifier {
  /** Concurrent requests with the same token share one verification. Its result is not cached. */
  private readonly inFlight = new Map<string, Verification>();
  /** Callers share a verification, and the fetch of keys that it may start, so both run outside the async context of any request. */
  private readonly inContext = contextOfNow();

  constructor(
    private readonly keys: KeySource,
    private readonly life: { clockTolerance: number; maxTokenAge: number },
    private readonly pin: () => MerchantPin | Promise<MerchantPin>,
    private readonly clock: Clock,
  ) {}

  /** The claims of a valid token, not frozen yet. Rejects with PermissionDeniedException for any other token. */
  verify(token: string): Promise<AccessTokenClaims> {
    const ending = token.slice(-ENDING);
    const running = this.inFlight.get(ending);
    if (running?.token === token) return running.claims;
    const claims = this.inContext(() => this.verifyAlone(token, ending));
    this.inFlight.set(ending, { token, claims });
    return claims;
  }

  private async verifyAlone(
    token: string,
    ending: string,
  ): Promise<AccessTokenClaims> {
    try {
      const payload = await verifyToken(token, this.keys, this.options());
      const pin = this.pin();
      if (!isPinned(payload, pin instanceof Promise ? await pin : pin)) {
        throw new PermissionDeniedException('PORTONE_TOKEN_WRONG_MERCHANT', {
          reason: 'the token belongs to another merchant or store',
        });
      }
      return payload as unknown as AccessTokenClaims;
    } catch (error) {
      if (PermissionDeniedException.is(error)) throw error;
      throw new PermissionDeniedException('PORTONE_TOKEN_INVALID', {
        reason: reasonOf(error),
      });
    } finally {
      // Runs after `inFlight.set`, because the code above always waits at least once.
      this.inFlight.delete(ending);
    }
  }

  private options(): JWTClaimVerificationOptions {
    return {
      // Without a prototype, so that a polluted Object.prototype cannot add an option.
      __proto__: null,
      issuer: 'IAMPORT',
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(this.clock.now().wall),
      clockTolerance: this.life.clockTolerance,
      maxTokenAge: this.life.maxTokenAge,
    } as JWTClaimVerificationOptions;
  }
}

/** Whether a token belongs to an accepted merchant and, if one is configured, to the store. */
function isPinned(
  claims: unknown,
  { merchantIds, storeId }: MerchantPin,
): boolean {
  const service = own(claims, 'merchant_service');
  const merchantId = own(service, 'merchant_id');
  return (
    typeof merchantId === 'string' &&
    merchantIds.includes(merchantId) &&
    (storeId === undefined || own(service, 'store_id') === storeId)
  );
}

/** An error of jose holds all claims of the token, so only its code and the name of the bad claim are reported. */
const reasonOf = (error: unknown): string =>
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWTExpired
    ? `${error.code} ${error.claim}`
    : error instanceof errors.JOSEError
      ? error.code
      : 'the token could not be verified';
