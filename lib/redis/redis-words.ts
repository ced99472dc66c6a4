import { errorMonitor } from 'node:events';

/** What Redis or the network said, reduced to one word such as `NOPERM` or `ECONNREFUSED`: the rest may hold anything. */
export function wordOf(error: unknown): string | undefined {
  const { message, code } = (error ?? {}) as Record<string, unknown>;
  const [word] = /^[A-Z]{3,}\b/.exec(String(message)) ?? [];
  if (word) return word;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : undefined;
}

/** Hears errors without handling them: an app that forgot its `error` listener must still learn of it. */
interface ErrorSource {
  on(event: typeof errorMonitor, listener: (error: unknown) => void): unknown;
  listenerCount(event: 'error'): number;
}

const heard = new WeakMap<object, { word?: string }>();

/** What the client's last `error` event said: a refused password never reaches a command. One listener for a client. */
export function connectionWord(client: object): () => string | undefined {
  let last = heard.get(client);
  if (!last && isErrorSource(client)) {
    const heardNow: { word?: string } = {};
    client.on(errorMonitor, (error) => (heardNow.word = wordOf(error)));
    heard.set(client, (last = heardNow));
  }
  return () => last?.word;
}

export const hasErrorListener = (client: object): boolean =>
  !isErrorSource(client) || client.listenerCount('error') > 0;

const isErrorSource = (client: object): client is ErrorSource =>
  'on' in client &&
  typeof client.on === 'function' &&
  'listenerCount' in client &&
  typeof client.listenerCount === 'function';
