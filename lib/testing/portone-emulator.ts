import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { CallLog, type RecordedCall } from './call-log.js';
import {
  endpointsOf,
  type EmulatedEndpoint,
  type EndpointTarget,
  type PortOneEmulatorOptions,
  type ResponseDelay,
} from './emulator-options.js';
import type { AnswerFault, Fault, FaultOptions } from './fault.js';
import { FaultPlan } from './fault-plan.js';
import { LoopbackServer } from './loopback-server.js';
import { Payments, type EmulatedPayment, type NewPayment } from './payments.js';
import { performFault } from './perform-fault.js';
import { endpointOf, Router } from './router.js';
import { TokenIssuer } from './token-issuer.js';

/**
 * PortOne V2's token endpoints and three payment endpoints, as a real HTTP server on 127.0.0.1 for tests and samples.
 *
 * @example
 * const portone = await PortOneEmulator.start({ accessTokenLifetime: 60 });
 * // AuthModule.forRoot({ apiSecret: portone.apiSecret, baseURL: portone.url })
 * portone.revokeAccessTokens();
 * portone.fail('refresh', { kind: 'status', status: 503, retryAfter: 2 }, { times: 1 });
 * await portone.stop();
 */
export class PortOneEmulator implements AsyncDisposable {
  /** What was asked so far. */
  readonly calls = new CallLog();
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url = '';

  readonly #server = new LoopbackServer((request, response) => {
    // What goes wrong here is a client that left; a request still open must not wait for ever.
    this.#handle(request, response).catch(() => response.destroy());
  });
  readonly #faults = new FaultPlan();
  readonly #delays = new Map<EmulatedEndpoint, ResponseDelay>();
  readonly #payments: Payments;
  readonly #router: Router;

  private constructor(
    private readonly options: PortOneEmulatorOptions,
    private readonly issuer: TokenIssuer,
  ) {
    this.#payments = new Payments(issuer);
    for (const id of ['payment-1', 'payment-2', 'payment-3']) {
      this.#payments.add({ id });
    }
    const secret = options.apiSecret ?? 'emulator-api-secret-4f9c2b7e1d83a650';
    this.#router = new Router(issuer, this.#payments, secret);
  }

  /** Starts an emulator that already knows the paid payments `payment-1` to `payment-3`. */
  static async start(
    options: PortOneEmulatorOptions = {},
  ): Promise<PortOneEmulator> {
    const issuer = await TokenIssuer.create(options);
    const emulator = new PortOneEmulator(options, issuer);
    emulator.url = await emulator.#server.listen(options.port ?? 0);
    return emulator;
  }

  /** The secret that logs in. */
  get apiSecret(): string {
    return this.#router.apiSecret;
  }

  /** Where the public key of the tokens is. PortOne itself publishes none. */
  get jwksUri(): string {
    return `${this.url}/.well-known/jwks.json`;
  }

  /** The merchant in claims and payments. */
  get merchantId(): string {
    return this.issuer.merchantId;
  }

  /** The store in claims and payments. */
  get storeId(): string {
    return this.issuer.storeId;
  }

  /** The permissions of tokens issued from now on. */
  get permissions(): readonly string[] {
    return this.issuer.permissions;
  }

  /** Starts counting from nothing, in the same `calls` object. */
  resetCalls(): void {
    this.calls.reset();
  }

  /** Every access token issued so far answers 401 on the API; refresh tokens live on. */
  revokeAccessTokens(): void {
    this.issuer.revoke();
  }

  /** One access token answers 401 on the API. */
  revokeAccessToken(accessToken: string): void {
    this.issuer.revoke(accessToken);
  }

  /** Kills the living refresh token, as another process that logs in does; access tokens live on. */
  revokeRefreshTokens(): void {
    this.issuer.revokeRefreshTokens();
  }

  /** Changes the permissions of tokens issued from now on. */
  setPermissions(permissions: readonly string[]): void {
    this.issuer.permissions = [...permissions];
  }

  /** Changes the secret; the old one is refused from now on. */
  setApiSecret(apiSecret: string): void {
    this.#router.apiSecret = apiSecret;
  }

  /** Lets requests of an endpoint meet a fault, until told otherwise or `times` times. */
  fail(
    target: 'login' | 'refresh' | 'tokens',
    fault: Fault,
    options?: FaultOptions,
  ): void;
  fail(
    target: EndpointTarget,
    fault: AnswerFault,
    options?: FaultOptions,
  ): void;
  fail(target: EndpointTarget, fault: Fault, options?: FaultOptions): void {
    this.#faults.add(target, fault, options);
  }

  /** Ends the faults of an endpoint, or all of them; delays stay. */
  heal(target?: EndpointTarget): void {
    this.#faults.heal(target);
  }

  /** Makes an endpoint answer late, its faults too. What is answered is decided when the request has arrived. */
  delay(target: EndpointTarget, delay: ResponseDelay): void {
    for (const endpoint of endpointsOf(target)) {
      this.#delays.set(endpoint, delay);
    }
  }

  /** Adds a paid payment, or replaces the one of the same id. */
  addPayment(payment: NewPayment): EmulatedPayment {
    return this.#payments.add(payment);
  }

  /**
   * Signs an access token with any claims, for tests of caller verification. It is no login: refresh tokens live on, and
   * the emulator's own API does not know the token. A claim of `undefined` is left out.
   */
  issueAccessToken(claims: Record<string, unknown> = {}): Promise<string> {
    return this.issuer.signAccessToken(claims);
  }

  /** Closes the port and every connection, answered or not. Calling it again is harmless. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** The same as {@link stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const endpoint = endpointOf(url);
    const call: RecordedCall = {
      endpoint,
      method,
      path: url,
      headers,
      body: '',
      status: undefined,
    };
    this.calls.received(call);
    const planned = this.#faults.take(endpoint);
    const body = await buffer(request);
    call.body = body.toString();

    const fault = planned?.fault.kind === 'delay' ? undefined : planned?.fault;
    const answer =
      !fault || planned?.processed
        ? await this.#router.answer({ method, url, headers, body })
        : undefined;
    await this.#wait(endpoint, planned?.fault);

    if (response.destroyed) return;

    response.sendDate = false;
    response.setHeader('Date', new Date(this.issuer.now()).toUTCString());
    if (fault) {
      await performFault(fault, response, this.issuer);
    } else if (answer) {
      response.writeHead(answer.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    }
    if (response.headersSent) this.calls.answered(call, response.statusCode);
  }

  async #wait(endpoint: EmulatedEndpoint, fault?: Fault): Promise<void> {
    const usual = this.#delays.get(endpoint) ?? this.options.responseDelay ?? 0;
    const ms =
      (typeof usual === 'function' ? usual() : usual) +
      (fault?.kind === 'delay' ? fault.ms : 0);
    if (ms > 0) await wait(ms, undefined, { ref: false });
  }
}
