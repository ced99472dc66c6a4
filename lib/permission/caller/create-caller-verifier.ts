import type { SchedulerLike } from 'rxjs';
import { own } from '../../portone/own.js';
import type { Clock } from '../../time/clock.js';
import type { TokenService } from '../../token/token.service.js';
import { CallerVerifier } from './caller-verifier.js';
import { fetchKeySet } from './fetch-key-set.js';
import { type KeySource, localKeys } from './key-source.js';
import type { MerchantPin } from './merchant-pin.js';
import { fromOwnToken } from '../own-token.js';
import type { VerificationOptions } from '../resolved-permissions.js';
import { RemoteKeys } from './remote-keys.js';

/** The verifier of one client's callers, with its keys and its pin. */
export const createCallerVerifier = (
  verification: VerificationOptions,
  tokens: TokenService,
  clock: Clock,
  scheduler: SchedulerLike,
): CallerVerifier =>
  new CallerVerifier(
    keySource(verification, clock, scheduler),
    verification,
    () => merchantPin(verification, tokens),
    clock,
  );

function keySource(
  { publicKeys, jwksUri = '' }: VerificationOptions,
  clock: Clock,
  scheduler: SchedulerLike,
): KeySource {
  if (publicKeys) return localKeys(publicKeys);
  return new RemoteKeys(() => fetchKeySet(jwksUri, scheduler), clock).find;
}

/** Never no pin: without a configured merchant it is our own, and a token of ours that names none lets nobody in. */
function merchantPin(
  { merchantIds, storeId }: VerificationOptions,
  tokens: TokenService,
): MerchantPin | Promise<MerchantPin> {
  if (merchantIds) return { merchantIds, storeId };
  return fromOwnToken(() => tokens.getClaims()).then((claims) => {
    const merchantId = own(own(claims, 'merchant_service'), 'merchant_id');
    return {
      merchantIds: typeof merchantId === 'string' ? [merchantId] : [],
      storeId,
    };
  });
}
