import { DEFAULT_CLIENT } from '../token/token-service.token.js';

/** The injection token of a client's webhook secret. A string, not a symbol, so that a second copy of this package finds it too. */
export const getWebhookSecretToken = (client = DEFAULT_CLIENT): string =>
  `nestjs-portone-auth:WebhookSecret:${client}`;
