import { answerRequests } from './answer-requests.js';
import { Operations } from './api/operations.js';
import { paymentOperations } from './api/payments/payment-operations.js';
import type { EmulatedPayment, NewPayment } from './api/payments/payment.js';
import { Payments } from './api/payments/payments.js';
import { Router } from './api/router.js';
import {
  userOperation,
  type OperationHandler,
  type OperationOptions,
} from './api/user-operation.js';
import { CallLog } from './call-log.js';
import { checkEmulatorOptions } from './check-emulator-options.js';
import type {
  PortOneEmulatorOptions,
  ResponseDelay,
} from './emulator-options.js';
import { Delays } from './faults/delays.js';
import { FaultPlan } from './faults/fault-plan.js';
import type { FaultTarget, HttpMethod } from './faults/fault-target.js';
import type { AnswerFault, Fault, FaultOptions } from './faults/fault.js';
import { EmulatorServer } from './emulator-server.js';
import { TokenIssuer } from './tokens/token-issuer.js';
import { webhookKey } from './webhook/sign-webhook.js';
import type {
  LegacyWebhookEvent,
  WebhookDelivery,
  WebhookEvent,
  WebhookOptions,
} from './webhook/webhook-event.js';
import { Webhooks } from './webhook/webhooks.js';

const API_SECRET = 'emulator-api-secret-4f9c2b7e1d83a650';
const WEBHOOK_SECRET = 'whsec_ZW11bGF0b3Itd2ViaG9vay1zZWNyZXQ=';

/**
 * PortOne V2's token endpoints and three payment operations, as a real HTTP server on 127.0.0.1 for tests and samples. It
 * answers as PortOne's API document (1.16.0) describes, and rejects every request that PortOne would reject.
 *
 * @example
 * const portone = await PortOneEmulator.start({ accessTokenLifetime: 60 });
 * // AuthModule.forRoot({ apiSecret: portone.apiSecret, baseURL: portone.url })
 * portone.revokeAccessTokens();
 * portone.fail('refresh', { kind: 'status', status: 503, retryAfter: 2 }, { times: 1 });
 * await portone.stop();
 */
export class PortOneEmulator implements AsyncDisposable {
  /** The requests received so far. */
  readonly calls = new CallLog();
  /** `http://127.0.0.1:<port>`, or with the given `host`; without a slash at the end. */
  url = '';

  readonly #faults = new FaultPlan();
  readonly #delays: Delays;
  readonly #server: EmulatorServer;
  readonly #payments: Payments;
  readonly #operations: Operations;
  readonly #router: Router;
  readonly #webhooks: Webhooks;

  private constructor(
    options: PortOneEmulatorOptions,
    private readonly issuer: TokenIssuer,
  ) {
    this.#delays = new Delays(options.responseDelay);
    this.#payments = new Payments(issuer);
    for (const id of ['payment-1', 'payment-2', 'payment-3'])
      this.#payments.add({ id });
    this.#operations = new Operations(paymentOperations(this.#payments));
    this.#router = new Router(
      issuer,
      this.#operations,
      options.apiSecret ?? API_SECRET,
    );
    const webhookSecret = options.webhookSecret ?? WEBHOOK_SECRET;
    webhookKey(webhookSecret);
    this.#webhooks = new Webhooks(this.#payments, webhookSecret);
    this.#server = new EmulatorServer(
      answerRequests({
        calls: this.calls,
        faults: this.#faults,
        delays: this.#delays,
        router: this.#router,
        issuer,
      }),
    );
  }

  /**
   * Starts an emulator with three paid payments: `payment-1` to `payment-3`. Rejects with Node's error (`EADDRINUSE`) when the
   * port is in use.
   *
   * @throws AuthConfigurationError for bad options, naming every wrong field
   */
  static async start(
    options: PortOneEmulatorOptions = {},
  ): Promise<PortOneEmulator> {
    checkEmulatorOptions(options);
    const issuer = await TokenIssuer.create(options);
    const emulator = new PortOneEmulator(options, issuer);
    const { port = 0, host } = options;
    emulator.url = await emulator.#server.listen(port, host);
    return emulator;
  }

  /** The secret that a login must send. */
  get apiSecret(): string {
    return this.#router.apiSecret;
  }

  /** The secret that signs webhooks: `whsec_` and base64. */
  get webhookSecret(): string {
    return this.#webhooks.secret;
  }

  /** The URL of the public key of the tokens. PortOne itself does not publish one. */
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

  /** Sets all counters of `calls` to 0 and deletes its requests. `calls` stays the same object. */
  resetCalls(): void {
    this.calls.reset();
  }

  /** From now on the API answers 401 to every access token issued so far. Refresh tokens stay valid. */
  revokeAccessTokens(): void {
    this.issuer.revoke();
  }

  /** From now on the API answers 401 to this access token. */
  revokeAccessToken(accessToken: string): void {
    this.issuer.revoke(accessToken);
  }

  /** Makes the valid refresh token invalid, as a login of another process does. Access tokens stay valid. */
  revokeRefreshTokens(): void {
    this.issuer.revokeRefreshTokens();
  }

  /** Changes the permissions of tokens issued from now on. */
  setPermissions(permissions: readonly string[]): void {
    this.issuer.permissions = [...permissions];
  }

  /** Changes the secret; the old one is rejected from now on. */
  setApiSecret(apiSecret: string): void {
    this.#router.apiSecret = apiSecret;
  }

  /**
   * Adds an operation, or replaces one. The emulator checks credentials, permission and `Idempotency-Key` for it, and faults and
   * delays apply to it, as for the built-in operations.
   *
   * @throws AuthConfigurationError when the method, the path or the handler cannot work
   * @example
   * portone.on('POST', '/payments/:paymentId/billing-key', ({ params, body }) => ({ status: 200, body: { payment: {} } }));
   */
  on(
    method: HttpMethod,
    path: string,
    handler: OperationHandler,
    options?: OperationOptions,
  ): void {
    this.#operations.add(userOperation(method, path, handler, options));
  }

  /**
   * Makes requests fail, until `heal()` or for `times` requests. When several faults without `times` match, the newest is used.
   *
   * @throws AuthConfigurationError when the text is not a target
   */
  fail(
    target: 'login' | 'refresh' | 'tokens',
    fault: Fault,
    options?: FaultOptions,
  ): void;
  fail(target: FaultTarget, fault: AnswerFault, options?: FaultOptions): void;
  fail(target: FaultTarget, fault: Fault, options?: FaultOptions): void {
    this.#faults.add(target, fault, options);
  }

  /** Ends the faults of a target (the same text as in `fail()`), or all faults. Delays stay. */
  heal(target?: FaultTarget): void {
    this.#faults.heal(target);
  }

  /** Delays answers, also those of faults. The emulator decides the answer when the request arrives, and sends it after the delay. */
  delay(target: FaultTarget, delay: ResponseDelay): void {
    this.#delays.set(target, delay);
  }

  /**
   * Adds a payment (status `PAID` by default), or replaces the payment with the same id. Returns a copy.
   *
   * @throws AuthConfigurationError when PortOne could not send such a payment, naming every field that is wrong
   */
  addPayment(payment: NewPayment): EmulatedPayment {
    return this.#payments.add(payment);
  }

  /**
   * Sends a webhook once, signed as PortOne signs it (Standard Webhooks). Resolves for an answer of any status. Rejects when
   * there is no answer.
   */
  sendWebhook(
    url: string,
    event: WebhookEvent | LegacyWebhookEvent,
    options?: WebhookOptions,
  ): Promise<WebhookDelivery> {
    return this.#webhooks.send(url, event, options);
  }

  /**
   * Signs an access token with any claims, for tests of caller verification. A claim that is `undefined` is left out. This is
   * not a login: refresh tokens stay valid, and the emulator's API answers 401 to the token.
   */
  issueAccessToken(claims: Record<string, unknown> = {}): Promise<string> {
    return this.issuer.signAccessToken(claims);
  }

  /** Closes the port and every connection, also connections that wait for an answer. A second call has no effect. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Calls {@link stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
