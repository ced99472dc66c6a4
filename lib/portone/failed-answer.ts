import { ownOnly } from './own.js';
import { TokenCallFailure } from './token-call.failure.js';

/** Status and `type` with which PortOne rejects a credential (auth API). */
const REJECTIONS = new Map([
  [400, 'INVALID_REQUEST'],
  [401, 'UNAUTHORIZED'],
]);
const MAX_WAIT_MS = 300_000;
const HINTS: Readonly<Record<number, string>> = {
  404: ': is baseURL the API of PortOne?',
  407: ': a proxy asks for credentials',
};

/**
 * The failure of a call whose answer is not a 200. Only PortOne's JSON counts as a rejection of the credential; a 401 of a
 * firewall does not. The `message` in the answer is not repeated, because it could quote the secret.
 */
export function readFailedAnswer(
  call: string,
  status: number,
  body: string,
  headers: { readonly [name: string]: unknown },
): TokenCallFailure {
  const { type } = parse(body);
  const rejected =
    REJECTIONS.has(status) &&
    [...REJECTIONS.values()].some((rejection) => rejection === type);
  const detail = rejected
    ? `${status} ${String(type)}`
    : `${call} was answered with status ${status}${HINTS[status] ?? ''}`;
  const retryAfterMs = readRetryAfter(headers['retry-after'], headers['date']);
  return new TokenCallFailure('PORTONE_TOKEN_STATUS', detail, {
    rejected,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** `Retry-After` in ms, at most 5 min. A date in it is compared with the `Date` of the response, never with our clock. */
export function readRetryAfter(
  value: unknown,
  date: unknown,
): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = /^\d+$/.test(value.trim())
    ? Number(value) * 1000
    : Date.parse(value) - Date.parse(String(date));
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_WAIT_MS);
}

function parse(body: string): Record<string, unknown> {
  try {
    return ownOnly(JSON.parse(body));
  } catch {
    return ownOnly(undefined);
  }
}
