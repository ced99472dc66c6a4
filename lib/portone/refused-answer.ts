import { ownOnly } from './own.js';
import { TokenCallFailure } from './token-call.failure.js';

/** The `type` by which PortOne says that a credential is not good (auth API, 400 and 401). */
const REFUSALS = new Map([
  [400, 'INVALID_REQUEST'],
  [401, 'UNAUTHORIZED'],
]);
const MAX_WAIT_MS = 300_000;
const HINTS: Readonly<Record<number, string>> = {
  404: ': is baseURL the API of PortOne?',
  407: ': a proxy asks for credentials',
};

/**
 * Turns any answer to `call` but a 200 into a failure. Only PortOne's own JSON counts as a rejection: a firewall's 401 does
 * not. The answer's `message` is not repeated: it could quote the secret.
 */
export function readTokenRefusal(
  call: string,
  status: number,
  body: string,
  headers: { readonly [name: string]: unknown },
): TokenCallFailure {
  const { type } = parse(body);
  const rejected =
    REFUSALS.has(status) &&
    [...REFUSALS.values()].some((refusal) => refusal === type);
  const said = rejected
    ? `${status} ${String(type)}`
    : `${call} was answered with status ${status}${HINTS[status] ?? ''}`;
  const retryAfterMs = readRetryAfter(headers['retry-after'], headers['date']);
  return new TokenCallFailure('PORTONE_TOKEN_STATUS', said, {
    rejected,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** `Retry-After` in ms, at most 5 min; a date is read against the response's own `Date`, never against our clock. */
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
