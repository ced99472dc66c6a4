import {
  createParamDecorator,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { AuthConfigurationError } from '../errors/index.js';
import { own } from '../portone/own.js';
import { recallWebhook, type VerifiedWebhook } from './verified-webhook.js';
import { WebhookDeniedException } from './webhook-denied.exception.js';
import { writeWebhookRoute } from './webhook-route.js';
import { secretProblem, type WebhookSecret } from './webhook-secret.js';
import { PortOneWebhookGuard } from './webhook.guard.js';

/** Where the secret of a webhook route comes from. */
export interface PortOneWebhookOptions {
  /**
   * The webhook secret of the PortOne console (`whsec_…`, not the API secret), or a list of secrets, for example for test and
   * live mode. A function that gives them is called for each webhook. Default: `webhook.secret` of the client's options.
   */
  readonly secret?: WebhookSecret;
  /** The name of the client whose `webhook.secret` is used. Default: the default client. */
  readonly client?: string;
}

/**
 * Protects a route that PortOne calls: only a request with PortOne's signature, at most five minutes old, gets in. Needs
 * `NestFactory.create(AppModule, { rawBody: true })` and the package @portone/server-sdk, which verifies the signature.
 *
 * @throws AuthConfigurationError when the decorator runs, if the given secret is empty or malformed or the decorated thing is
 * not a method; at boot when there is no secret
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
    checkOptions(options);
    const { secret, client } = options;
    const isGiven = Object.hasOwn(options, 'secret');
    const problem =
      isGiven && typeof secret !== 'function' && secretProblem(secret);
    if (problem) throw misused(problem);
    writeWebhookRoute(target, key, { secret, client });
    UseGuards(PortOneWebhookGuard)(target, key, descriptor);
    // Nest reads a method's guards from its function. If a library replaces the function, the guard on the class still runs.
    UseGuards(PortOneWebhookGuard)(target.constructor);
  };

/** A misspelt `secret` must not fall back to the secret of the client. */
function checkOptions(options: unknown): void {
  const isKnown =
    typeof options === 'object' &&
    options !== null &&
    Object.keys(options).every((key) => ['secret', 'client'].includes(key)) &&
    ['undefined', 'string'].includes(typeof own(options, 'client'));
  if (!isKnown)
    throw misused(
      'its options are { secret?: string | string[] | (() => …), client?: string }',
    );
}

const verifiedOf = (context: ExecutionContext): VerifiedWebhook => {
  const webhook = recallWebhook(context.switchToHttp().getRequest<object>());
  // The route has no @PortOneWebhook, or its guard was replaced, so anyone may have sent this body.
  if (!webhook) throw new WebhookDeniedException('PORTONE_WEBHOOK_NOT_GUARDED');
  return webhook;
};

/**
 * Parameter decorator: the verified event, a `PortOneWebhookEvent`.
 *
 * @throws WebhookDeniedException (500) on a route without `@PortOneWebhook`
 */
export const WebhookEvent: () => ParameterDecorator = createParamDecorator(
  (_, context: ExecutionContext) => verifiedOf(context).event,
);

/**
 * Parameter decorator: the `webhook-id` of the event. PortOne uses the same id when it sends the event again, so an app can use
 * it to handle each event once.
 *
 * @throws WebhookDeniedException (500) on a route without `@PortOneWebhook`
 */
export const WebhookId: () => ParameterDecorator = createParamDecorator(
  (_, context: ExecutionContext) => verifiedOf(context).id,
);

const misused = (message: string): AuthConfigurationError =>
  new AuthConfigurationError([{ field: '@PortOneWebhook', message }]);
