import type { PortOneEmulator } from '../../testing/portone-emulator.js';
import { columns } from '../command/help.js';
import type { Terminal } from '../command/terminal.js';

/** What the command prints at its start: the address, the secrets, and commands to paste into another terminal. */
export function whatToTry(
  portone: PortOneEmulator,
  { env, paint }: Terminal,
): string[] {
  const { url, apiSecret, webhookSecret, merchantId, storeId } = portone;
  const curl = usesProxy(env) ? "curl -i --noproxy '*'" : 'curl -i';
  const json = "-H 'Content-Type: application/json'";
  const secret = `-H ${quoted(`Authorization: PortOne ${apiSecret}`)}`;
  return [
    `${paint('bold', `The PortOne emulator is at ${url}`)}. No payment in it is real. Ctrl-C ends it.`,
    '',
    'For the environment of your app:',
    ...[
      `PORTONE_API_SECRET=${apiSecret}`,
      `PORTONE_API_BASE_URL=${url}`,
      `PORTONE_WEBHOOK_SECRET=${webhookSecret}`,
    ].map((line) => `  ${paint('cyan', line)}`),
    '',
    'What is in it:',
    ...columns([
      ['merchant, store', `${merchantId}, ${storeId}`],
      ['payments', 'payment-1, payment-2, payment-3: paid'],
      ['permissions', portone.permissions.join(', ') || 'none'],
      ['key set (JWKS)', portone.jwksUri],
    ]),
    '',
    'Try in another terminal. A login, which gives a pair of tokens:',
    `  ${curl} ${json} -d ${quoted(JSON.stringify({ apiSecret }))} ${url}/login/api-secret`,
    'A payment:',
    `  ${curl} ${secret} ${url}/payments/payment-1`,
    'Its cancellation:',
    `  ${curl} ${secret} ${json} -H 'Idempotency-Key: "cancel-payment-0001"' -d '{"reason":"changed my mind"}' ${url}/payments/payment-1/cancel`,
    '',
    'In a Nest app: AuthModule.forRoot({ apiSecret, baseURL }) with the two values above.',
  ];
}

/** curl uses the proxy of the environment for loopback addresses, too. */
const usesProxy = (env: NodeJS.ProcessEnv): boolean =>
  ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some(
    (name) => env[name],
  );

/** One word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
