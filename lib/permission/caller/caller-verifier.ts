import { errors, type JWTClaimVerificationOptions } from 'jose';
import type { AccessTokenClaims } from '../../portone/jwt-claims.js';
import { own } from '../../portone/own.js';
import { contextOfNow } from '../../time/async-context.js';
import type { Clock } from '../../time/clock.js';
import type { KeySource } from './key-set.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';
import { verifyToken } from './verify-token.js';

/** Whose tokens are accepted. PortOne's tokens have no `aud`, and any merchant can sign in to PortOne. */
export interface MerchantPin {
  readonly merchantIds: readonly string[];
  /** Undefined: every store of the merchant. */
  readonly storeId?: string;
}

/** The verification of one token that is under way. */
interface Verification {
  readonly token: string;
  readonly verdict: Promise<AccessTokenClaims>;
}

/** Tokens are looked up by this number of characters at the end of the signature, which is quicker than by the whole token. */
const ENDING = 16;

/** Judges callers' tokens: ES256 by a configured key, issuer IAMPORT, alive, of the pinned merchant. */
export class CallerVerifier {
  /** Concurrent requests with one token share its verification. No verdict is kept after that. */
  private readonly inFlight = new Map<string, Verification>();
  /** Callers share a verification, and the fetch of keys that it may begin, so both run outside of the callers' requests. */
  private readonly inContext = contextOfNow();

  constructor(
    private readonly keys: KeySource,
    private readonly life: { clockTolerance: number; maxTokenAge: number },
    private readonly pin: () => MerchantPin | Promise<MerchantPin>,
    private readonly clock: Clock,
  ) {}

  /** The claims of a good token, to be frozen before they are shown. Throws PermissionDeniedException for any other. */
  verify(token: string): Promise<AccessTokenClaims> {
    const ending = token.slice(-ENDING);
    const running = this.inFlight.get(ending);
    if (running?.token === token) return running.verdict;
    const verdict = this.inContext(() => this.judge(token, ending));
    const verification = { token, verdict };
    this.inFlight.set(ending, verification);
    return verification.verdict;
  }

  private async judge(
    token: string,
    ending: string,
  ): Promise<AccessTokenClaims> {
    try {
      const payload = await verifyToken(token, this.keys, this.options());
      const pin = this.pin();
      if (!isPinned(payload, pin instanceof Promise ? await pin : pin)) {
        throw new PermissionDeniedException('PORTONE_TOKEN_WRONG_MERCHANT', {
          reason: 'of another merchant or store',
        });
      }
      return payload as unknown as AccessTokenClaims;
    } catch (error) {
      if (PermissionDeniedException.is(error)) throw error;
      throw new PermissionDeniedException('PORTONE_TOKEN_INVALID', {
        reason: reasonOf(error),
      });
    } finally {
      // Runs after `set`, because the code above always waits at least once.
      this.inFlight.delete(ending);
    }
  }

  private options(): JWTClaimVerificationOptions {
    return {
      // Without a prototype: what pollutes Object.prototype must not become an option.
      __proto__: null,
      issuer: 'IAMPORT',
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(this.clock.now().wall),
      clockTolerance: this.life.clockTolerance,
      maxTokenAge: this.life.maxTokenAge,
    } as JWTClaimVerificationOptions;
  }
}

/** Whether a token belongs to the pinned merchant and store. */
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

/** jose's errors carry every claim, so only the code, and the name of the claim, may go on. */
const reasonOf = (error: unknown): string =>
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWTExpired
    ? `${error.code} ${error.claim}`
    : error instanceof errors.JOSEError
      ? error.code
      : 'it could not be verified';
