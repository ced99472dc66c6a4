import type { IncomingHttpHeaders } from 'node:http';
import { parseObject, refuse, unauthorized, type Answer } from './answer.js';
import type { EmulatedEndpoint } from './emulator-options.js';
import type { Payments } from './payments.js';
import type { IssuedTokens, TokenIssuer } from './token-issuer.js';

/** A request whose body has arrived. */
export interface ReceivedRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const LOGIN = '/login/api-secret';
const REFRESH = '/token/refresh';
const JWKS = '/.well-known/jwks.json';

const splitUrl = (url: string): [path: string, query: string] => {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
};

/** Which endpoint a request target belongs to; everything not known is `api`. */
export function endpointOf(url: string): EmulatedEndpoint {
  const [path] = splitUrl(url);
  if (path === LOGIN) return 'login';
  if (path === REFRESH) return 'refresh';
  return path === JWKS ? 'jwks' : 'api';
}

/** Answers requests as PortOne's documents say. */
export class Router {
  constructor(
    private readonly issuer: TokenIssuer,
    private readonly payments: Payments,
    public apiSecret: string,
  ) {}

  async answer(request: ReceivedRequest): Promise<Answer> {
    const endpoint = endpointOf(request.url);
    if (endpoint === 'api') return this.#api(request);
    if (endpoint === 'jwks') {
      return { status: 200, body: await this.issuer.jwks() };
    }
    if (request.method !== 'POST') return noRoute(request);
    const field = endpoint === 'login' ? 'apiSecret' : 'refreshToken';
    const value = parseObject(request.body.toString())?.[field];
    if (typeof value !== 'string' || value === '') {
      return refuse(400, 'INVALID_REQUEST', `\`${field}\` is required.`);
    }
    const tokens = await this.#tokens(endpoint, value);
    return tokens
      ? { status: 200, body: tokens }
      : unauthorized(`The ${field} is not valid.`);
  }

  async #tokens(
    endpoint: 'login' | 'refresh',
    credential: string,
  ): Promise<IssuedTokens | undefined> {
    if (endpoint === 'refresh') return this.issuer.exchange(credential);
    return credential === this.apiSecret ? this.issuer.issue() : undefined;
  }

  #api(request: ReceivedRequest): Answer {
    const granted = this.#authenticate(request.headers.authorization);
    if (!granted) return unauthorized('The credential is not valid.');

    const [path, query] = splitUrl(request.url);
    const { method, url, headers, body } = request;
    if (path === '/echo' || path.startsWith('/echo/')) {
      const echo = { method, url, headers, body: body.toString('base64') };
      return { status: 200, body: echo };
    }

    const [, root, rawId, action, ...rest] = path.split('/');
    if (root !== 'payments' || rest.length > 0) return noRoute(request);
    const id = decode(rawId);
    const needing = (permission: string, act: () => Answer): Answer =>
      granted.includes(permission)
        ? act()
        : refuse(403, 'FORBIDDEN', `${permission} is required.`);

    if (method === 'GET' && id === undefined) {
      const filter = new URLSearchParams(query).get('requestBody');
      return needing('TX_READ', () => this.payments.list(filter));
    }
    if (method === 'GET' && id !== undefined && action === undefined) {
      return needing('TX_READ', () => this.payments.get(id));
    }
    if (method === 'POST' && id !== undefined && action === 'cancel') {
      const text = body.toString();
      return needing('TX_UPDATE', () => this.payments.cancel(id, text));
    }
    return noRoute(request);
  }

  #authenticate(authorization = ''): readonly string[] | undefined {
    const [, scheme, credential = ''] =
      /^(\S+) (.+)$/.exec(authorization) ?? [];
    if (scheme === 'Bearer') return this.issuer.permissionsOf(credential);
    return scheme === 'PortOne' && credential === this.apiSecret
      ? this.issuer.permissions
      : undefined;
  }
}

const noRoute = ({ method, url }: ReceivedRequest): Answer =>
  refuse(404, 'NOT_FOUND', `There is no ${method} ${splitUrl(url)[0]}.`);

function decode(segment: string | undefined): string | undefined {
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
