import { errorMonitor } from 'node:events';

/** What Redis or the network said, reduced to one word such as `NOPERM` or `ECONNREFUSED`: the rest may hold anything. */
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

/** What a client's `error` events have said since it last worked. */
export interface Heard {
  word?: string | undefined;
}

const heard = new WeakMap<object, Heard>();

/** A refused password never reaches a command: only the client's events say so. One listener for all stores of a client. */
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
