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
      `${call} was answered with a body that is too large for a pair of tokens`,
    );
  const { code, where, isCertificate } = failedConnection(error);
  const words = [
    `${call}${isAxiosError(error) ? throughProxy(error) : ''} failed`,
    code && ` with ${code}${where ? ` ${where}` : ''}`,
    isCertificate && ': its certificate is not accepted',
  ];
  return new TokenCallFailure(
    'PORTONE_TOKEN_NETWORK',
    words.filter(Boolean).join(''),
  );
}

/** Whether the body was longer than `maxContentLength`. axios says so only in its message. */
const isTooLarge = (error: unknown): boolean =>
  isAxiosError(error) && error.message.startsWith('maxContentLength');

/**
 * The proxy of a call, as words for a message; empty without one. It is the proxy of the agent (agent-base's `proxy`) or the
 * one in the axios config. Its credentials are not shown.
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

/** The parts of an axios answer or error that are read here. */
interface Call {
  readonly request?: unknown;
  readonly config?: { readonly proxy?: unknown } | undefined;
}
