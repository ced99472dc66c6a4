import { failedConnection } from '../../portone/failed-connection.js';
import { credentialsOf } from '../network/credentials.js';
import { fail, pass, skip, type Finding } from './finding.js';
import { CHECK_MS, limit } from './network-setup.js';
import { NotRedis, RedisErrorReply, sendToRedis } from './send-to-redis.js';

/** A key with the prefix of the store, so that the rules of Redis for keys (ACL) are tested too. */
const KEY = 'nestjs-portone-auth:{doctor}:lock';

/** Runs every command of the store's scripts once, and leaves no key. */
const SCRIPT = `
redis.call('TIME')
redis.call('STRLEN', KEYS[1])
redis.call('GET', KEYS[1])
redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[1], '1', 'PX', 1000)
return redis.call('DEL', KEYS[1])
`;

const CURES: Readonly<Record<string, string>> = {
  NOAUTH: 'Redis requires a password: redis://:PASSWORD@HOST:PORT',
  WRONGPASS: 'correct user and password in the URL',
  NOPERM:
    'let this user run EVAL, STRLEN, GET, SET, DEL, PTTL and TIME, on keys that begin with nestjs-portone-auth:',
  READONLY: 'this is a replica: use the address of the primary',
  MISCONF:
    'Redis cannot save to its disk and accepts no writes: repair that first',
  OOM: 'Redis has no memory left: raise maxmemory, or choose a policy that evicts',
  LOADING: 'Redis is starting: try again',
};

/** Whether the Redis that `RedisTokenStore` would use runs its scripts. */
export async function checkRedis(
  address: string | undefined,
): Promise<Finding> {
  if (!address)
    return skip('REDIS_URL is not set; a single process needs no Redis');
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname)
    return fail(
      'the address of Redis is not a redis:// or rediss:// URL',
      'write it as redis://USER:PASSWORD@HOST:6379',
    );
  const host = `${url.hostname}:${url.port || 6379}`;
  const signal = limit();
  try {
    await sendToRedis(url, commandsOf(url), signal);
    return pass(`${host} runs the scripts of RedisTokenStore`);
  } catch (error) {
    return signal.aborted
      ? fail(
          `${host} does not answer within ${CHECK_MS / 1000} s`,
          `check the address and the firewall, or try ${otherScheme(url)}`,
        )
      : failure(host, url, error);
  }
}

function commandsOf(url: URL): string[][] {
  const { user, password } = credentialsOf(url);
  const database = url.pathname.slice(1);
  return [
    ...(password ? [['AUTH', ...(user ? [user] : []), password]] : []),
    ...(/^\d+$/.test(database) ? [['SELECT', database]] : []),
    ['EVAL', SCRIPT, '1', KEY],
  ];
}

const otherScheme = ({ protocol }: URL): string =>
  protocol === 'rediss:' ? 'redis://' : 'rediss:// (TLS)';

function failure(host: string, url: URL, error: unknown): Finding {
  if (error instanceof RedisErrorReply) {
    // The key belongs to another node of the cluster. A cluster client would follow.
    if (error.word === 'MOVED') return pass(`${host} is a node of a cluster`);
    return fail(
      `Redis at ${host} answers with the error ${error.word}`,
      CURES[error.word] ?? 'look up this error in the documentation of Redis',
    );
  }
  const other = otherScheme(url);
  if (error instanceof NotRedis)
    return fail(
      `the server at ${host} is not Redis`,
      `check host and port, or try ${other}`,
    );
  const { code = 'no code', isCertificate } = failedConnection(error);
  if (isCertificate)
    return fail(
      `the certificate of Redis at ${host} is not accepted (${code})`,
      'NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds its authority',
    );
  return fail(
    `Redis at ${host} cannot be reached (${code})`,
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? 'check the name of the host'
      : `start it, correct the address, or try ${other}`,
  );
}
