import {
  createParamDecorator,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { AuthConfigurationError } from '../errors/index.js';
import { recallWebhook, type VerifiedWebhook } from './verified-webhook.js';
import { WebhookDeniedException } from './webhook-denied.exception.js';
import { writeWebhookRoute } from './webhook-route.js';
import { secretProblem, type WebhookSecret } from './webhook-secret.js';
import { PortOneWebhookGuard } from './webhook.guard.js';

/** Where the secret of a webhook route comes from. */
export interface PortOneWebhookOptions {
  /**
   * The webhook secret of the PortOne console (`whsec_…`, not the API secret); several, such as test and live or old and
   * new; or a function that gives them, called for each webhook. Default: `webhook.secret` of the client's options.
   */
  readonly secret?: WebhookSecret;
  /** The client whose options have the secret. Default: the default client. */
  readonly client?: string;
}

/**
 * Authenticates a route that PortOne calls: only a request that carries PortOne's signature, at most five minutes old, gets
 * in. Needs `NestFactory.create(AppModule, { rawBody: true })` and the package @portone/server-sdk, which verifies.
 *
 * @throws AuthConfigurationError at decoration for a malformed or missing secret, or on something that is no method; at
 * boot when there is no secret
 *
 * @example
 * `@Post('webhooks/portone') @PortOneWebhook({ secret: () => process.env.PORTONE_WEBHOOK_SECRET })`
 */
export const PortOneWebhook =
  (options: PortOneWebhookOptions = {}): MethodDecorator =>
  (target, key, descriptor) => {
    const method: unknown = (descriptor as PropertyDescriptor | undefined)
      ?.value;
    if (typeof method !== 'function' || typeof target === 'function')
      throw misused('it can only stand on a route handler of a controller');
    const { secret, client } = options;
    const isGiven = Object.hasOwn(options, 'secret');
    const problem =
      isGiven && typeof secret !== 'function' && secretProblem(secret);
    if (problem) throw misused(problem);
    writeWebhookRoute(target, key, { secret, client });
    UseGuards(PortOneWebhookGuard)(target, key, descriptor);
    // Nest reads the guards of a method from the function on the instance; those of the class stay when that is replaced.
    UseGuards(PortOneWebhookGuard)(target.constructor);
  };

const verifiedOf = (context: ExecutionContext): VerifiedWebhook => {
  const webhook = recallWebhook(context.switchToHttp().getRequest<object>());
  // Without @PortOneWebhook on the route, or with its guard replaced, the body is a stranger's.
  if (!webhook) throw new WebhookDeniedException('PORTONE_WEBHOOK_NOT_GUARDED');
  return webhook;
};

/**
 * Gives a handler the verified event, a `PortOneWebhookEvent`.
 *
 * @throws WebhookDeniedException (500) on a route without `@PortOneWebhook`
 */
export const WebhookEvent: () => ParameterDecorator = createParamDecorator(
  (_, context: ExecutionContext) => verifiedOf(context).event,
);

/**
 * Gives a handler the `webhook-id` of the event, which PortOne repeats when it sends the event again: the key to handle an
 * event once.
 *
 * @throws WebhookDeniedException (500) on a route without `@PortOneWebhook`
 */
export const WebhookId: () => ParameterDecorator = createParamDecorator(
  (_, context: ExecutionContext) => verifiedOf(context).id,
);

const misused = (message: string): AuthConfigurationError =>
  new AuthConfigurationError([{ field: '@PortOneWebhook', message }]);
