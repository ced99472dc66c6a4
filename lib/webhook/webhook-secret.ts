import { AuthConfigurationError } from '../errors/index.js';

/** One webhook secret of PortOne (`whsec_…`), or several: test and live, old and new. */
export type WebhookSecrets = string | readonly string[];

/** The secrets, or a function that gives them; the function is called for every webhook. Giving none is an error. */
export type WebhookSecret =
  | WebhookSecrets
  | (() => WebhookSecrets | undefined | Promise<WebhookSecrets | undefined>);

const SECRET = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/;
/** Anyone can send a request, and each secret costs one HMAC over its body. */
const MOST_SECRETS = 10;

/** What is wrong with the secrets, and what would be right; undefined when they are good. Never shows one. */
export function secretProblem(secrets: unknown): string | undefined {
  const list: unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  if (list.length === 0 || list.some((secret) => !secret))
    return 'there is no webhook secret; copy it from the PortOne console, where the webhook is set up';
  if (list.length > MOST_SECRETS)
    return `there are more than ${MOST_SECRETS} webhook secrets`;
  return list.every(isSecret)
    ? undefined
    : "a webhook secret must be the base64 text of the PortOne console, 'whsec_…', without quotes or blanks; it is not the API secret";
}

/** The secrets of one call. Throws {@link AuthConfigurationError} when there is none or one is malformed. */
export async function askSecrets(
  secret: WebhookSecret | undefined,
): Promise<readonly string[]> {
  const secrets = typeof secret === 'function' ? await secret() : secret;
  const message = secretProblem(secrets);
  if (message) throw new AuthConfigurationError([{ field: 'secret', message }]);
  return typeof secrets === 'string' ? [secrets] : (secrets ?? []);
}

const isSecret = (secret: unknown): boolean =>
  typeof secret === 'string' && SECRET.test(secret);
