import { DEFAULT_CLIENT } from '../token/token-service.token.js';

/** The injection token of a client's webhook secret; a string, for a second copy of this package. */
export const getWebhookSecretToken = (client = DEFAULT_CLIENT): string =>
  `nestjs-portone-auth:WebhookSecret:${client}`;
