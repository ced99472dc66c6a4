import { errorMonitor } from 'node:events';

/** One word of an error of Redis or the network, such as `NOPERM` or `ECONNREFUSED`. The rest of the error may hold a secret. */
export function wordOf(error: unknown): string | undefined {
  const { message, code } = (error ?? {}) as Record<string, unknown>;
  const [word] = /^[A-Z]{3,}\b/.exec(String(message)) ?? [];
  if (word) return word;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : undefined;
}

/** An `errorMonitor` listener hears errors without handling them: an app without an `error` listener must still notice. */
interface ErrorSource {
  on(event: typeof errorMonitor, listener: (error: unknown) => void): unknown;
  listenerCount(event: 'error'): number;
}

/** The last word of a client's `error` events since the client last worked. */
export interface Heard {
  word?: string | undefined;
}

const heard = new WeakMap<object, Heard>();

/** When Redis does not accept the password, no command gets an error: only the client's events tell it. One listener for all stores of a client. */
export function listenTo(client: object): Heard {
  const known = heard.get(client);
  if (known) return known;
  const now: Heard = {};
  heard.set(client, now);
  if (isErrorSource(client))
    client.on(errorMonitor, (error) => (now.word = wordOf(error)));
  return now;
}

export const hasErrorListener = (client: object): boolean =>
  !isErrorSource(client) || client.listenerCount('error') > 0;

const isErrorSource = (client: object): client is ErrorSource =>
  'on' in client &&
  typeof client.on === 'function' &&
  'listenerCount' in client &&
  typeof client.listenerCount === 'function';
