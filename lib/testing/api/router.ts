import {
  ok,
  invalid,
  forbidden,
  parseObject,
  errorAnswer,
  unauthorized,
  type Answer,
} from './answer.js';
import { splitUrl, type ReceivedRequest } from './api-request.js';
import { echo, isEcho } from './echo.js';
import { findOperation } from './facts/find-operation.js';
import { Idempotency } from './idempotency.js';
import type { FoundOperation, Operations } from './operations.js';
import { handlerFailed } from './user-operation.js';
import { endpointOf } from '../emulator-options.js';
import type { IssuedTokens, TokenIssuer } from '../tokens/token-issuer.js';

/** An answer, and a function to call when the answer's delay is over. */
export interface Decision {
  readonly answer: Answer;
  /** From then on a request with the same `Idempotency-Key` gets the same answer. */
  finish(): void;
}

const decided = (answer: Answer): Decision => ({ answer, finish: () => {} });

/** Answers requests as PortOne does. Checks the credentials, the permission and the `Idempotency-Key`, and then runs the operation. */
export class Router {
  readonly #idempotency: Idempotency;

  constructor(
    private readonly issuer: TokenIssuer,
    private readonly operations: Operations,
    public apiSecret: string,
  ) {
    this.#idempotency = new Idempotency(issuer.now);
  }

  async answer(request: ReceivedRequest): Promise<Decision> {
    switch (endpointOf(request.url)) {
      case 'api':
        return this.#api(request);
      case 'jwks':
        return decided(ok(await this.issuer.jwks()));
      case 'login':
        return decided(await this.#token(request, 'apiSecret'));
      case 'refresh':
        return decided(await this.#token(request, 'refreshToken'));
    }
  }

  async #token(
    request: ReceivedRequest,
    field: 'apiSecret' | 'refreshToken',
  ): Promise<Answer> {
    if (request.method !== 'POST') return noRoute(request);
    const credential = parseObject(request.body.toString())?.[field];
    if (typeof credential !== 'string' || credential === '')
      return invalid(`\`${field}\` is required.`);
    const tokens = await this.#tokens(field, credential);
    return tokens ? ok(tokens) : unauthorized(`The ${field} is not valid.`);
  }

  async #tokens(
    field: 'apiSecret' | 'refreshToken',
    credential: string,
  ): Promise<IssuedTokens | undefined> {
    if (field === 'refreshToken') return this.issuer.exchange(credential);
    return credential === this.apiSecret ? this.issuer.issue() : undefined;
  }

  async #api(request: ReceivedRequest): Promise<Decision> {
    const { method, url, headers } = request;
    const [path] = splitUrl(url);
    const known = findOperation(method, path);
    const granted = this.#authenticate(headers.authorization);
    if (!granted && !known?.isPublic)
      return decided(unauthorized('The credential is not valid.'));
    const found = this.operations.find(method, path);
    if (found) {
      const { permission } = found.operation;
      return permission === undefined ||
        known?.isPublic ||
        granted?.includes(permission)
        ? this.#perform(request, found)
        : decided(forbidden(`${permission} is required.`));
    }
    if (isEcho(url)) return decided(echo(request, this.apiSecret));
    return decided(
      known ? missing(known.method, known.template) : noRoute(request),
    );
  }

  async #perform(
    request: ReceivedRequest,
    { operation, params }: FoundOperation,
  ): Promise<Decision> {
    const begun = this.#idempotency.begin(request);
    if ('status' in begun) return decided(begun);
    const [path, search] = splitUrl(request.url);
    const query = new URLSearchParams(search);
    try {
      const answer = await operation.answer({
        ...request,
        path,
        query,
        params,
      });
      return { answer, finish: () => begun.finish(answer) };
    } catch (error) {
      begun.forget();
      return decided(handlerFailed(request.method, path, error));
    }
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
  errorAnswer(404, 'NOT_FOUND', `There is no ${method} ${splitUrl(url)[0]}.`);

/** The answer for an operation that PortOne has and the emulator does not have. It must not look like an answer of PortOne. */
const missing = (method: string, template: string): Answer => {
  const path = template.replace(/\{(\w+)\}/g, ':$1');
  return errorAnswer(
    501,
    'EMULATOR_OPERATION_MISSING',
    `PortOneEmulator has no ${method} ${template}. Add it: portone.on('${method}', '${path}', (request) => ({ status: 200, body: {} }))`,
  );
};
