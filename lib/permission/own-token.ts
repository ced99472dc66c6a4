import { isTokenUnavailableError } from '../errors/index.js';
import { PermissionDeniedException } from './denial/permission-denied.exception.js';

/** How long to wait when our own secret is refused: one attempt is made a minute. */
const REJECTED_RETRY_MS = 60_000;

/** What only our own token can tell. Throws PORTONE_TOKEN_UNAVAILABLE when there is none to be had. */
export async function fromOwnToken<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new PermissionDeniedException('PORTONE_TOKEN_UNAVAILABLE', {
      reason: 'there is no token of our own',
      retryAfterMs: isTokenUnavailableError(error)
        ? error.retryAfterMs
        : REJECTED_RETRY_MS,
    });
  }
}
