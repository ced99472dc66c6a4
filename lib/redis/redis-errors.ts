import { errorMonitor } from 'node:events';

/** Redis 7 answers so, instead of with NOPERM, when a user may run EVAL but not every command of the script. */
const DENIED_IN_SCRIPT =
  /^ERR (ACL failure in script|The user executing the script can't run)/;

/** The code of an error of Redis or the network, such as `NOPERM` or `ECONNREFUSED`. The rest of the error may hold a secret. */
export function errorCodeOf(error: unknown): string | undefined {
  const { message, code } = (error ?? {}) as Record<string, unknown>;
  if (DENIED_IN_SCRIPT.test(String(message))) return 'NOPERM';
  const [redisCode] = /^[A-Z]{3,}\b/.exec(String(message)) ?? [];
  if (redisCode) return redisCode;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : undefined;
}

/** Redis did not answer in time. */
export class NoAnswer extends Error {}

/** The reply is none of the scripts. A mock or a proxy has answered, and not Redis. */
export class UnexpectedReply extends Error {}

/** Why the token is not shared, in a word of Redis or in fixed words. */
export function troubleOf(error: unknown, lastCode?: string): string {
  const code = errorCodeOf(error) ?? lastCode;
  if (code !== undefined) return code;
  if (error instanceof UnexpectedReply) return 'unexpected reply';
  return error instanceof NoAnswer ? 'no answer' : 'error of the client';
}

/**
 * The listener is added for `errorMonitor`, which receives errors without handling them. A listener for `error` would count as
 * one of the app, and so hide that the app has none.
 */
interface ErrorSource {
  on(event: typeof errorMonitor, listener: (error: unknown) => void): unknown;
  listenerCount(event: 'error'): number;
}

/** The code of the last `error` event of a client. The store deletes it when the client works again. */
export interface ClientErrors {
  lastCode?: string | undefined;
}

const watched = new WeakMap<object, ClientErrors>();

/**
 * Watches the `error` events of a client: when Redis rejects the password, no command gets an error. All stores of one client
 * share one listener.
 */
export function watchErrors(client: object): ClientErrors {
  const known = watched.get(client);
  if (known) return known;
  const errors: ClientErrors = {};
  watched.set(client, errors);
  if (isErrorSource(client))
    client.on(errorMonitor, (error) => (errors.lastCode = errorCodeOf(error)));
  return errors;
}

export const hasErrorListener = (client: object): boolean =>
  !isErrorSource(client) || client.listenerCount('error') > 0;

const isErrorSource = (client: object): client is ErrorSource =>
  'on' in client &&
  typeof client.on === 'function' &&
  'listenerCount' in client &&
  typeof client.listenerCount === 'function';
