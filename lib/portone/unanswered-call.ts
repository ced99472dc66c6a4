import { isAxiosError } from 'axios';
import { failedConnection, HOST } from './failed-connection.js';
import { TokenCallFailure } from './token-call.failure.js';

/**
 * The failure of a call that got no complete answer, described by host and cause. Only codes, hosts and addresses are
 * repeated, because everything else in the error may come from the request.
 */
export function unansweredCall(call: string, error: unknown): TokenCallFailure {
  if (isTooLarge(error))
    return new TokenCallFailure(
      'PORTONE_TOKEN_RESPONSE_INVALID',
      `${call} was answered with more than a pair of tokens can take`,
    );
  const proxy = proxyOf(error);
  const { code, where, isCertificate } = failedConnection(error);
  const said = [
    `${call}${proxy ? ` through the proxy ${proxy}` : ''} failed`,
    code && ` with ${code}${where ? ` ${where}` : ''}`,
    isCertificate && ': its certificate is not accepted',
  ];
  return new TokenCallFailure(
    'PORTONE_TOKEN_NETWORK',
    said.filter(Boolean).join(''),
  );
}

/** A body longer than `maxContentLength`. axios shows that in its message only. */
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
