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
  const { code, where, isCertificate } = failedConnection(error);
  const said = [
    `${call}${isAxiosError(error) ? throughProxy(error) : ''} failed`,
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

/**
 * The proxy between us and what answered, or did not: one that an agent tunnels through (agent-base's `proxy`), or that axios
 * was told of. Never its credentials.
 */
export function throughProxy({ request, config }: Call): string {
  const { agent } = (request ?? {}) as { agent?: { proxy?: unknown } };
  const proxy = (agent?.proxy ?? config?.proxy) as
    { hostname?: unknown; host?: unknown; port?: unknown } | undefined;
  const host = String(proxy?.hostname ?? proxy?.host ?? '').split(':')[0];
  if (!host || !HOST.test(host)) return '';
  const port = Number(proxy?.port);
  return ` through the proxy ${port > 0 ? `${host}:${port}` : host}`;
}

/** The used part of an answer or an error of axios. */
interface Call {
  readonly request?: unknown;
  readonly config?: { readonly proxy?: unknown } | undefined;
}
