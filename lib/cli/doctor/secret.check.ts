import { isBlank, secretFault } from '../../portone/secret-fault.js';
import type { Variables } from '../command/settings.js';
import { fail, pass, type Finding } from './finding.js';

/** Whether PORTONE_API_SECRET can be an API secret. Only a login can tell whether PortOne accepts it. */
export function checkSecret({ env, file }: Variables): Finding {
  const secret = env['PORTONE_API_SECRET'];
  if (secret === undefined || isBlank(secret))
    return fail(
      'PORTONE_API_SECRET is not set',
      'copy the V2 API secret of the PortOne console into the environment or into .env',
    );
  if (secret.startsWith('whsec_'))
    return fail(
      'PORTONE_API_SECRET holds a webhook secret (whsec_)',
      'use the V2 API secret; the webhook secret is for @PortOneWebhook',
    );
  const fault = secretFault(secret);
  if (fault)
    return fail(
      `PORTONE_API_SECRET cannot be right: ${fault}`,
      "write the secret exactly as the PortOne console shows it; Docker's env files keep quotes and blanks",
    );
  return pass(
    `PORTONE_API_SECRET is set${file ? ` (environment or ${file})` : ''} and looks like a secret; run whoami to try it`,
  );
}
