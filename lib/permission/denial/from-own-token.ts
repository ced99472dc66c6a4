import { isTokenUnavailableError } from '../../errors/index.js';
import { PermissionDeniedException } from './permission-denied.exception.js';

/** After PortOne has rejected our secret, one login is tried a minute. */
const REJECTED_RETRY_MS = 60_000;

/** Gets something from `TokenService`. Throws the denial PORTONE_TOKEN_UNAVAILABLE when there is no token. */
export async function fromOwnToken<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new PermissionDeniedException('PORTONE_TOKEN_UNAVAILABLE', {
      reason: 'our own token is unavailable',
      retryAfterMs: isTokenUnavailableError(error)
        ? error.retryAfterMs
        : REJECTED_RETRY_MS,
    });
  }
}
