import { own } from '../../portone/own.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';

/** In characters. A token of PortOne has about 1,200. */
const MAX_TOKEN_LENGTH = 8 * 1024;
const AUTHORIZATION = 'authorization';
const BEARER = /^bearer(?:[ \t]|$)/i;
/** One b64token (RFC 6750, section 2.1). The scheme may be in upper or lower case (RFC 9110, section 11.1). */
const CREDENTIALS = /^bearer +([A-Za-z0-9\-._~+/]+=*)[ \t]*$/i;

/** The parts of a request that the guard reads. Requests of Express and Fastify have them; any object with headers will do. */
export interface RequestHeaders {
  /** Names in lower case. */
  readonly headers?: object;
  /** Node's list of header names and values. Only this list shows that a header was sent twice. */
  readonly rawHeaders?: readonly string[];
  /** Node's request inside Fastify's request. */
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
    throw malformed('there are several Authorization headers');
  }
  const value = typeof header === 'string' ? header : '';
  const token = CREDENTIALS.exec(value)?.[1];
  if (token === undefined) {
    if (BEARER.test(value))
      throw malformed('the Bearer token is not one b64token (RFC 6750)');
    throw new PermissionDeniedException('PORTONE_TOKEN_MISSING', {
      reason: 'the request has no Bearer token',
    });
  }
  if (token.length > MAX_TOKEN_LENGTH)
    throw malformed('the token is longer than 8 KiB');
  return token;
}

const malformed = (reason: string): PermissionDeniedException =>
  new PermissionDeniedException('PORTONE_TOKEN_MALFORMED', { reason });

/** Reads own properties only: Fastify's request has no `rawHeaders`, so a polluted prototype could provide a false list. */
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
