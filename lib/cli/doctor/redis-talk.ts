import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Redis answered with an error; `word` is the first word of that error, such as NOPERM. */
export class RedisRefused extends Error {
  constructor(readonly word: string) {
    super(word);
  }
}

/** The server that answered is not Redis. */
export class NoRedis extends Error {}

/**
 * Sends commands one after another on a connection of its own, and closes it. Only commands with a reply of one line fit here.
 * A Redis client would be one more package, which an app without a store does not have.
 */
export async function talkToRedis(
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
      judge((await lines.next()).value);
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

async function* linesOf(socket: Socket): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of socket) {
    rest += String(chunk);
    for (let end; (end = rest.indexOf('\r\n')) >= 0; rest = rest.slice(end + 2))
      yield rest.slice(0, end);
    if (rest.length > 4096) throw new NoRedis();
  }
  return undefined;
}

function judge(reply: string | undefined): void {
  if (reply === undefined) throw new NoRedis();
  if (/^[+:]/.test(reply)) return;
  const [, word] = /^-([A-Z]{3,20})\b/.exec(reply) ?? [];
  throw word ? new RedisRefused(word) : new NoRedis();
}
