import {
  Injectable,
  Logger,
  type CanActivate,
  type ExecutionContext,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import {
  ApplicationConfig,
  HttpAdapterHost,
  ModuleRef,
  ModulesContainer,
} from '@nestjs/core';
import { AuthConfigurationError } from '../errors/index.js';
import { unseal, type Sealed } from '../provider/sealed.js';
import { surviveProxies } from '../provider/survive-proxies.js';
import { RawBodyWatch } from './raw-body-watch.js';
import { recallWebhook, rememberWebhook } from './verified-webhook.js';
import {
  isRawBodyMissing,
  verifyWebhook,
  type SignedRequest,
  type Verify,
} from './verify-webhook.js';
import {
  WebhookDeniedException,
  type WebhookDenialCode,
} from './webhook-denied.exception.js';
import type { WebhookRoute } from './webhook-route.js';
import { WebhookRoutes } from './webhook-routes.js';
import { askSecrets, type WebhookSecret } from './webhook-secret.js';
import { getWebhookSecretToken } from './webhook-secret.token.js';

const KEEP_RAW_BODY =
  'Create the app with NestFactory.create(AppModule, { rawBody: true }). The signature is verified over the bytes that PortOne sent.';

/**
 * The guard of `@PortOneWebhook` routes; the decorator adds it. It lets in only a request that PortOne has signed, and denies
 * everything when there is no secret or no raw body.
 */
@Injectable()
export class PortOneWebhookGuard
  implements CanActivate, OnApplicationBootstrap
{
  private readonly logger = new Logger('PortOneAuth:Webhook');
  private readonly rawBody: RawBodyWatch;
  private readonly routes: WebhookRoutes;
  private readonly logged = new Set<string>();
  private verify?: Promise<Verify>;

  constructor(
    host: HttpAdapterHost,
    modules: ModulesContainer,
    config: ApplicationConfig,
    private readonly moduleRef: ModuleRef,
  ) {
    surviveProxies(this);
    this.rawBody = new RawBodyWatch(host);
    this.routes = new WebhookRoutes(modules, config);
  }

  /** @throws AuthConfigurationError that names every route without a secret or without this guard, and missing raw bodies */
  async onApplicationBootstrap(): Promise<void> {
    await this.loadVerify();
    const problems = this.routes.unguarded(PortOneWebhookGuard);
    for (const { name, route } of this.routes.list()) {
      const message = await this.secretProblem(route);
      if (message) problems.push({ field: name, message });
    }
    if (this.rawBody.isKept === false)
      problems.push({ field: 'rawBody', message: KEEP_RAW_BODY });
    if (problems.length > 0) throw new AuthConfigurationError(problems);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = this.routes.find(context.getClass(), context.getHandler());
    if (!route) return true;
    if (route === 'unknown' || context.getType<string>() !== 'http')
      throw this.denial(
        'PORTONE_WEBHOOK_NOT_GUARDED',
        `${context.getClass().name}.${context.getHandler().name} is not a method of its class, or the call is not HTTP. It may be a webhook route that was replaced.`,
      );
    const request = context.switchToHttp().getRequest<SignedRequest>();
    // The guard runs twice, because it is on the method and on the class.
    if (recallWebhook(request)) return true;
    if (isRawBodyMissing(request))
      throw this.denial('PORTONE_WEBHOOK_RAW_BODY_MISSING', KEEP_RAW_BODY);
    const verify = await this.loadVerify();
    const secrets = await this.secretsOf(route);
    const event = await verifyWebhook(verify, secrets, request);
    const id = String(request.headers['webhook-id']);
    rememberWebhook(request, { id, event });
    return true;
  }

  private async secretsOf(route: WebhookRoute): Promise<readonly string[]> {
    try {
      return await askSecrets(this.secretOf(route));
    } catch (error) {
      const isOurs = error instanceof AuthConfigurationError;
      throw this.denial(
        'PORTONE_WEBHOOK_SECRET_UNAVAILABLE',
        isOurs
          ? (error.problems[0]?.message ?? '')
          : 'the function that gives the webhook secret has thrown an error',
      );
    }
  }

  /** What is wrong with a route's secret. A function that throws is only logged, because it may work when a webhook comes. */
  private async secretProblem(
    route: WebhookRoute,
  ): Promise<string | undefined> {
    try {
      await askSecrets(this.secretOf(route));
      return undefined;
    } catch (error) {
      if (error instanceof AuthConfigurationError)
        return error.problems[0]?.message;
      this.warnOnce(
        'The function that gives the webhook secret has thrown an error; it is called again for each webhook.',
      );
      return undefined;
    }
  }

  private secretOf({
    secret,
    client,
  }: WebhookRoute): WebhookSecret | undefined {
    if (secret !== undefined) return secret;
    try {
      return unseal(
        this.moduleRef.get<Sealed<WebhookSecret | undefined>>(
          getWebhookSecretToken(client),
          { strict: false },
        ),
      );
    } catch {
      return undefined;
    }
  }

  private loadVerify(): Promise<Verify> {
    this.verify ??= import('@portone/server-sdk/webhook').then(
      (sdk) => sdk.verify,
      () => {
        throw new AuthConfigurationError([
          {
            field: '@portone/server-sdk',
            message:
              'the webhook guard verifies with it, and it cannot be loaded: npm install @portone/server-sdk',
          },
        ]);
      },
    );
    return this.verify;
  }

  private denial(code: WebhookDenialCode, why: string): WebhookDeniedException {
    this.warnOnce(`A webhook was denied (${code}): ${why}`);
    return new WebhookDeniedException(code);
  }

  /** Logs each message once, however many requests come. An error of the logger does not change the answer. */
  private warnOnce(message: string): void {
    if (this.logged.has(message)) return;
    this.logged.add(message);
    try {
      this.logger.error(message);
    } catch {
      return;
    }
  }
}
