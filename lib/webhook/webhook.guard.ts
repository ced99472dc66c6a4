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
  isBodyLost,
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
  'Create the app with NestFactory.create(AppModule, { rawBody: true }): the signature covers the bytes that PortOne sent.';

/**
 * Lets a request to a `@PortOneWebhook` route in when PortOne has signed it; the decorator brings it along. Nothing else
 * gets in: no secret, no raw body and no signature are refusals.
 */
@Injectable()
export class PortOneWebhookGuard
  implements CanActivate, OnApplicationBootstrap
{
  private readonly logger = new Logger('PortOneAuth:Webhook');
  private readonly rawBody: RawBodyWatch;
  private readonly routes: WebhookRoutes;
  private readonly said = new Set<string>();
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

  /** @throws AuthConfigurationError that names every route without a secret, a raw body or a guard that Nest would ask */
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
        `${context.getClass().name}.${context.getHandler().name} cannot be placed: it is no method of its class, and so may be a webhook route that was replaced.`,
      );
    const request = context.switchToHttp().getRequest<SignedRequest>();
    // The guard stands on the method and on the class.
    if (recallWebhook(request)) return true;
    if (isBodyLost(request))
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

  /** A function that throws at boot may work when a webhook comes. A function that gives no secret is a mistake. */
  private async secretProblem(
    route: WebhookRoute,
  ): Promise<string | undefined> {
    try {
      await askSecrets(this.secretOf(route));
      return undefined;
    } catch (error) {
      if (error instanceof AuthConfigurationError)
        return error.problems[0]?.message;
      this.warn(
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
    this.warn(`A webhook was refused (${code}): ${why}`);
    return new WebhookDeniedException(code);
  }

  /** One line for each cause, however many requests come; a broken logger costs no answer. */
  private warn(message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    try {
      this.logger.error(message);
    } catch {
      return;
    }
  }
}
