import { decodeJwt } from 'jose';
import { own } from '../../portone/own.js';
import { failedConnection } from '../../portone/failed-connection.js';
import { readFailedAnswer } from '../../portone/failed-answer.js';
import { secretFault } from '../../portone/secret-fault.js';
import { CliError } from '../command/cli-error.js';
import { call, type CallAnswer } from '../network/call.js';
import { TunnelFailure } from '../network/tunnel.js';

/** The default of the module's `tokenTimeout`. */
const LIMIT_MS = 10_000;

/** What a login tells about its secret. Every text in it comes from the server. */
export interface Login {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly merchantId: string | undefined;
  readonly storeId: string | undefined;
  readonly permissions: readonly string[];
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** Seconds. */
  readonly refreshTokenLifetime: number;
}

/** Logs in once. Throws {@link CliError} that names the cause; never with the secret or an answer's text. */
export async function login(
  baseUrl: URL,
  proxy: URL | undefined,
  apiSecret: string,
): Promise<Login> {
  const url = new URL('/login/api-secret', baseUrl);
  const signal = AbortSignal.timeout(LIMIT_MS);
  const answer = await call(
    { method: 'POST', url, proxy, body: { apiSecret } },
    signal,
  ).catch((error: unknown) => {
    throw unreachable(url.host, proxy, error, signal);
  });
  if (answer.status !== 200) throw loginFailure(url.host, apiSecret, answer);
  const found = read(answer.body);
  if (found) return found;
  throw new CliError(
    `${url.host} answered the login with status 200 and no pair of tokens; is it the API of PortOne?`,
  );
}

function unreachable(
  host: string,
  proxy: URL | undefined,
  error: unknown,
  { aborted }: AbortSignal,
): CliError {
  const through = proxy ? ` through the proxy ${proxy.host}` : '';
  const advice = 'Run the command `doctor` to find the cause.';
  if (aborted)
    return new CliError(
      `${host} did not answer the login${through} within ${LIMIT_MS / 1000} s. ${advice}`,
    );
  const { code, isCertificate } = failedConnection(error);
  const cause =
    error instanceof TunnelFailure
      ? `the proxy answered with status ${error.status}`
      : `${code ?? 'the connection failed'}${isCertificate ? ', its certificate is not accepted' : ''}`;
  return new CliError(
    `${host} cannot be reached${through}: ${cause}. ${advice}`,
  );
}

function loginFailure(
  host: string,
  apiSecret: string,
  answer: CallAnswer,
): CliError {
  const { status, body, headers } = answer;
  const { facts, detail } = readFailedAnswer(
    `The login at ${host}`,
    status,
    body,
    headers,
  );
  if (!facts.rejected) return new CliError(`${detail}.`);
  const fault = secretFault(apiSecret);
  return new CliError(
    `PortOne rejected PORTONE_API_SECRET (${detail}): ${fault ?? 'take the V2 API secret of the PortOne console; this one may have been deleted or have expired'}.`,
  );
}

function read(body: string): Login | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const accessToken = own(answer, 'accessToken') as string;
    const refreshToken = own(answer, 'refreshToken') as string;
    const claims = decodeJwt(accessToken);
    const service = own(claims, 'merchant_service');
    const permissions = own(service, 'permissions');
    const login = {
      accessToken,
      refreshToken,
      merchantId: text(own(service, 'merchant_id')),
      storeId: text(own(service, 'store_id')),
      permissions: Array.isArray(permissions)
        ? permissions.filter((name) => typeof name === 'string')
        : [],
      accessTokenLifetime: lifetimeOf(claims),
      refreshTokenLifetime: lifetimeOf(decodeJwt(refreshToken)),
    };
    return login.accessTokenLifetime > 0 ? login : undefined;
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const lifetimeOf = (claims: { exp?: number; iat?: number }): number =>
  Number(claims.exp) - Number(claims.iat);
