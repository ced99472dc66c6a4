import { TokenUnavailableError } from '../../errors/index.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import type { Lateness } from './deadline.js';

export const closing = () =>
  new TokenCallFailure('PORTONE_TOKEN_NETWORK', 'the module is shutting down');

/** For a caller that asks after the shutdown: no attempt will follow. */
export const closed = () => {
  const { reason, detail } = closing();
  return new TokenUnavailableError(reason, 0, detail);
};

/** Ends the wait of one caller; the renewal goes on. */
export const waitedTooLong = (totalMs: number) =>
  new TokenUnavailableError(
    'PORTONE_TOKEN_TIMEOUT',
    0,
    `the renewal has not ended within ${totalMs} ms`,
  );

export const overdue = () =>
  new TokenCallFailure('PORTONE_TOKEN_TIMEOUT', 'the renewal was overdue');

export const ofOtherMerchant = () =>
  new TokenCallFailure(
    'PORTONE_TOKEN_RESPONSE_INVALID',
    'the new access token belongs to another merchant or store',
    { isOtherMerchant: true },
  );

export const secretIsLate: Lateness = (totalMs) =>
  new TokenCallFailure(
    'PORTONE_SECRET_UNAVAILABLE',
    `the apiSecret function did not answer within ${totalMs} ms`,
  );

export const storeIsLate: Lateness = (totalMs) =>
  new TokenCallFailure(
    'PORTONE_TOKEN_TIMEOUT',
    `the store did not answer within ${totalMs} ms`,
  );
