import { isAxiosError } from 'axios';
import { isIP } from 'node:net';
import { own } from './own.js';
import { TokenCallFailure } from './token-call.failure.js';

const CODE = /^[A-Z][A-Z0-9_]{2,60}$/;
const HOST = /^[\w.:-]{1,253}$/;
/** OpenSSL's and Node's; not `ERR_SSL_…_ALERT_…`, where it is the server that does not accept us. */
const CERTIFICATE =
  /^(?!ERR_SSL)(.*CERT|.*SELF_SIGNED|UNABLE_TO_|HOSTNAME_|INVALID_CA|ERR_TLS)/;

/**
 * A call that got no whole answer, told by host and cause. Only codes, hosts and addresses are repeated: what an error says
 * or holds besides may be the request itself.
 */
export function unansweredCall(call: string, error: unknown): TokenCallFailure {
  const facts = causes(error);
  const find = (key: string, pattern: RegExp) =>
    facts
      .map((fact) => own(fact, key))
      .find(
        (value): value is string =>
          typeof value === 'string' && pattern.test(value),
      );
  const code = find('code', CODE);
  if (isTooLarge(error))
    return new TokenCallFailure(
      'PORTONE_TOKEN_RESPONSE_INVALID',
      `${call} was answered with more than a pair of tokens can take`,
    );
  const address = facts
    .filter((fact) => isIP(String(own(fact, 'address'))))
    .map((fact) => addressOf(own(fact, 'address'), own(fact, 'port')))[0];
  const where = address ?? find('hostname', HOST);
  const proxy = proxyOf(error);
  const said = [
    `${call}${proxy ? ` through the proxy ${proxy}` : ''} failed`,
    code && ` with ${code}${where ? ` ${where}` : ''}`,
    code && CERTIFICATE.test(code) && ': its certificate is not accepted',
  ];
  return new TokenCallFailure(
    'PORTONE_TOKEN_NETWORK',
    said.filter(Boolean).join(''),
  );
}

/** The error, what it wraps, and the attempts at several addresses of one host. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let link = error; found.length < 8 && link; link = own(link, 'cause')) {
    const attempts = own(link, 'errors');
    found.push(link, ...(Array.isArray(attempts) ? attempts.slice(0, 8) : []));
  }
  return found;
}

const addressOf = (address: unknown, port: unknown): string => {
  const host = isIP(String(address)) === 6 ? `[${address}]` : String(address);
  return Number.isInteger(port) ? `${host}:${port}` : host;
};

/** A body past `maxContentLength`, which axios tells by its message alone. */
const isTooLarge = (error: unknown): boolean =>
  isAxiosError(error) && error.message.startsWith('maxContentLength');

/** Host and port of the proxy an agent tunnels through (agent-base's `proxy`) or axios was told of; never its credentials. */
function proxyOf(error: unknown): string | undefined {
  if (!isAxiosError(error)) return undefined;
  const { agent } = (error.request ?? {}) as { agent?: { proxy?: unknown } };
  const proxy = (agent?.proxy ?? error.config?.proxy) as
    { hostname?: unknown; host?: unknown; port?: unknown } | undefined;
  const host = String(proxy?.hostname ?? proxy?.host ?? '').split(':')[0];
  if (!host || !HOST.test(host)) return undefined;
  const port = Number(proxy?.port);
  return port > 0 ? `${host}:${port}` : host;
}
