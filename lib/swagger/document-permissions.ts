import type { INestApplicationContext } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { ApiExtension, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import { GuardedHandlers } from '../permission/boot/guarded-handlers.js';
import { findClientPermissions } from '../permission/client-permissions.js';
import type { PermissionRequirement } from '../permission/rule/permission-rule.js';
import { withoutProxy } from '../provider/survive-proxies.js';
import { WebhookRoutes } from '../webhook/webhook-routes.js';
import {
  addResponses,
  document,
  type DocumentedHandler,
} from './add-responses.js';

/** Options of {@link documentPermissions}. */
export interface DocumentPermissionsOptions {
  /** The name of the bearer security, as given to `DocumentBuilder.addBearerAuth`. Default `bearer`, as there. */
  readonly bearer?: string;
}

/** Marks a function that is documented already, so that a second document of the same app adds nothing. */
const DOCUMENTED = 'nestjs-portone-auth:documented';

const UNKNOWN_CALLER = [
  401,
  "The caller's access token is missing or not valid.",
] as const;
const DENIALS = [
  [403, 'A permission is missing.'],
  [503, 'The permission cannot be checked at the moment; see `Retry-After`.'],
] as const;

const WEBHOOK_HEADERS = [
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
];
const WEBHOOK_DENIALS = [
  [401, 'The webhook has no valid signature of PortOne.'],
  [503, 'The webhook cannot be verified at the moment.'],
] as const;

/**
 * Adds to Swagger's document what `@RequirePermission` and `@PortOneWebhook` require, without further decorators. Guarded
 * operations get `x-portone-permissions` and the responses 403 and 503; with the source `caller` also 401 and the bearer
 * security. Webhook routes get `x-portone-webhook`, their headers, and the responses 401 and 503. Default responses stay.
 * Call it before `SwaggerModule.createDocument`.
 *
 * @example
 * documentPermissions(app);
 * SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, config));
 */
export function documentPermissions(
  app: INestApplicationContext,
  { bearer = 'bearer' }: DocumentPermissionsOptions = {},
): void {
  for (const { owner, name, written, requirements } of guardedHandlers(app)) {
    const route = { controller: owner, name, handler: written };
    if (isDocumented(route)) continue;
    const expressions = requirements.flatMap((it) => it.expressions);
    document(route, ApiExtension('x-portone-permissions', expressions));
    const isOfCaller = requirements.some(
      (it) => sourceOf(app, it) === 'caller',
    );
    if (isOfCaller) document(route, ApiSecurity(bearer));
    addResponses(route, isOfCaller ? [UNKNOWN_CALLER, ...DENIALS] : DENIALS);
  }
  for (const route of webhookHandlers(app)) {
    if (isDocumented(route)) continue;
    document(route, ApiExtension('x-portone-webhook', true));
    for (const name of WEBHOOK_HEADERS)
      document(route, ApiHeader({ name, required: true }));
    addResponses(route, WEBHOOK_DENIALS);
  }
}

/** Empty for an app without AuthModule. */
function guardedHandlers(app: INestApplicationContext) {
  try {
    return withoutProxy(app.get(GuardedHandlers, { strict: false })).guarded();
  } catch {
    return [];
  }
}

const webhookHandlers = (app: INestApplicationContext): DocumentedHandler[] =>
  new WebhookRoutes(app.get(ModulesContainer), app.get(ApplicationConfig))
    .list()
    .flatMap(({ controller, method }) => {
      const prototype = controller.prototype as object;
      const handler: unknown = Reflect.get(prototype, method);
      return typeof handler === 'function'
        ? [{ controller, name: String(method), handler }]
        : [];
    });

const sourceOf = (
  app: INestApplicationContext,
  { client, source }: PermissionRequirement,
) => source ?? findClientPermissions(app, client).options.source;

function isDocumented({ handler }: DocumentedHandler): boolean {
  if (Reflect.hasOwnMetadata(DOCUMENTED, handler)) return true;
  Reflect.defineMetadata(DOCUMENTED, true, handler);
  return false;
}
