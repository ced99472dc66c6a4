import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { errorCodeOf } from '../../redis/redis-errors.js';

/** Redis answered with an error; `word` is the code of that error, such as NOPERM. */
export class RedisErrorReply extends Error {
  constructor(readonly word: string) {
    super(word);
  }
}

/** The server that answered is not Redis. */
export class NotRedis extends Error {}

/**
 * Sends commands one after another on its own connection, and closes it. Supports only commands with a reply of one line. It uses
 * no Redis client, because an app without a store has none installed.
 */
export async function sendToRedis(
  url: URL,
  commands: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<void> {
  const socket = open(url);
  const abort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await once(
      socket,
      url.protocol === 'rediss:' ? 'secureConnect' : 'connect',
    );
    const lines = linesOf(socket);
    for (const command of commands) {
      socket.write(encode(command));
      checkReply((await lines.next()).value);
    }
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function open({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  const at = { host, port: Number(port || 6379) };
  return protocol === 'rediss:'
    ? connectTls({ ...at, servername: /[a-z]/i.test(host) ? host : '' })
    : connect(at);
}

/** RESP: an array of strings, each with its length in bytes. */
const encode = (command: readonly string[]): string =>
  [
    `*${command.length}`,
    ...command.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]),
    '',
  ].join('\r\n');

/** Longer than any reply of one line. */
const MAX_LINE = 4096;

async function* linesOf(socket: Socket): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of socket) {
    rest += String(chunk);
    for (let end; (end = rest.indexOf('\r\n')) >= 0; rest = rest.slice(end + 2))
      yield rest.slice(0, end);
    if (rest.length > MAX_LINE) throw new NotRedis();
  }
  return undefined;
}

function checkReply(reply: string | undefined): void {
  if (reply === undefined) throw new NotRedis();
  if (/^[+:]/.test(reply)) return;
  const word = reply.startsWith('-')
    ? errorCodeOf({ message: reply.slice(1) })
    : undefined;
  throw word ? new RedisErrorReply(word) : new NotRedis();
}
