import { TokenUnavailableError } from '../../errors/index.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import type { TimeoutFailure } from './deadline.js';

/** For the renewal that a shutdown aborts. */
export const shuttingDown = () =>
  new TokenCallFailure('PORTONE_TOKEN_NETWORK', 'the module is shutting down');

/** For a caller that asks after the shutdown; 0: no attempt will follow. */
export const shutDown = () => {
  const { reason, detail } = shuttingDown();
  return new TokenUnavailableError(reason, 0, detail);
};

/** For one caller that has waited too long; the renewal goes on. */
export const waitedTooLong = (totalMs: number) =>
  new TokenUnavailableError(
    'PORTONE_TOKEN_TIMEOUT',
    0,
    `the renewal has not ended within ${totalMs} ms`,
  );

/** For a renewal that is abandoned because its time is over. */
export const overdue = () =>
  new TokenCallFailure(
    'PORTONE_TOKEN_TIMEOUT',
    'the renewal took longer than its time limit',
  );

/** For a renewal that brought a token of another merchant or store. */
export const otherMerchant = () =>
  new TokenCallFailure(
    'PORTONE_TOKEN_RESPONSE_INVALID',
    'the new access token belongs to another merchant or store',
    { isOtherMerchant: true },
  );

export const secretTimedOut: TimeoutFailure = (totalMs) =>
  new TokenCallFailure(
    'PORTONE_SECRET_UNAVAILABLE',
    `the apiSecret function did not answer within ${totalMs} ms`,
  );

export const storeTimedOut: TimeoutFailure = (totalMs) =>
  new TokenCallFailure(
    'PORTONE_TOKEN_TIMEOUT',
    `the store did not answer within ${totalMs} ms`,
  );
