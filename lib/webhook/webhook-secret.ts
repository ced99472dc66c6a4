import { AuthConfigurationError } from '../errors/index.js';
import { isBlank } from '../portone/secret-fault.js';

/** One webhook secret of PortOne (`whsec_…`), or a list: for test and live mode, or the old and the new secret. */
export type WebhookSecrets = string | readonly string[];

/** The secrets, or a function that gives them. The function is called for every webhook; it must give at least one. */
export type WebhookSecret =
  | WebhookSecrets
  | (() => WebhookSecrets | undefined | Promise<WebhookSecrets | undefined>);

const SECRET = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/;
/** Limits the work for one request: each secret costs one HMAC over the body, and anyone can send a request. */
const MAX_SECRETS = 10;

/** What is wrong with the secrets and how to correct it; undefined when they are good. The text contains no secret. */
export function secretProblem(secrets: unknown): string | undefined {
  const list: unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  if (list.length === 0 || list.some(isMissing))
    return 'there is no webhook secret; copy it from the webhook settings of the PortOne console';
  if (list.length > MAX_SECRETS)
    return `there are more than ${MAX_SECRETS} webhook secrets`;
  return list.every(isSecret)
    ? undefined
    : "a webhook secret must be the text 'whsec_…' (base64) of the PortOne console, without quotes or blanks; it is not the API secret";
}

/** Gets the secrets for one webhook. Throws {@link AuthConfigurationError} when there is none or when one is malformed. */
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

const isMissing = (secret: unknown): boolean =>
  !secret || (typeof secret === 'string' && isBlank(secret));
