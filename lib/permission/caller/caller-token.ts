import { own } from '../../portone/own.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';

/** Characters. PortOne's tokens have some 1,200. */
const MAX_TOKEN_LENGTH = 8 * 1024;
const AUTHORIZATION = 'authorization';
const BEARER = /^bearer(?:[ \t]|$)/i;
/** One b64token (RFC 6750, section 2.1); the scheme's case does not matter (RFC 9110, section 11.1). */
const CREDENTIALS = /^bearer +([A-Za-z0-9\-._~+/]+=*)[ \t]*$/i;

/** The parts of a request that are read: Express's, Fastify's, or any other object with headers. */
export interface RequestHeaders {
  /** Names in lower case. */
  readonly headers?: object;
  /** Node's own list of names and values, which alone shows a header sent twice. */
  readonly rawHeaders?: readonly string[];
  /** Where Fastify keeps Node's own request. */
  readonly raw?: Pick<RequestHeaders, 'rawHeaders'>;
}

/**
 * The Bearer token of a request.
 *
 * @throws PermissionDeniedException PORTONE_TOKEN_MISSING or PORTONE_TOKEN_MALFORMED
 */
export function callerToken(request: RequestHeaders | undefined): string {
  const header = own(request?.headers, AUTHORIZATION);
  if (Array.isArray(header) || countAuthorization(rawHeadersOf(request)) > 1) {
    throw malformed('several Authorization headers');
  }
  const value = typeof header === 'string' ? header : '';
  const token = CREDENTIALS.exec(value)?.[1];
  if (token === undefined) {
    if (BEARER.test(value)) throw malformed('not one b64token');
    throw new PermissionDeniedException('PORTONE_TOKEN_MISSING', {
      reason: 'no Bearer credentials',
    });
  }
  if (token.length > MAX_TOKEN_LENGTH) throw malformed('over 8 KiB');
  return token;
}

const malformed = (reason: string): PermissionDeniedException =>
  new PermissionDeniedException('PORTONE_TOKEN_MALFORMED', { reason });

/** Fastify's request has no list of its own, so an inherited one would be taken for it in a polluted process. */
function rawHeadersOf(request: RequestHeaders | undefined): readonly unknown[] {
  const list =
    own(request, 'rawHeaders') ?? own(own(request, 'raw'), 'rawHeaders');
  return Array.isArray(list) ? list : [];
}

const countAuthorization = (rawHeaders: readonly unknown[]): number =>
  rawHeaders.filter(
    (name, index) =>
      index % 2 === 0 &&
      typeof name === 'string' &&
      name.length === AUTHORIZATION.length &&
      name.toLowerCase() === AUTHORIZATION,
  ).length;
