import { CliError } from '../cli-error.js';
import { command } from '../command.js';
import { durationText } from '../duration.js';
import { columns } from '../help.js';
import { proxyOf } from '../network/proxy-of.js';
import { baseUrlOf, readVariables, SETTINGS } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { login, type Login } from './login.js';

export const whoami = command({
  name: 'whoami',
  summary: 'log in with PORTONE_API_SECRET and show what the secret may do',
  notes: [
    'Prints merchant, store, permissions and the lifetime of the tokens; never a token, never the secret.',
    'The login is one real login: processes that renew with the same secret log in again once.',
    'Exit code: 0 logged in, 1 not logged in, 2 the command line is wrong.',
  ],
  options: {
    ...SETTINGS,
    json: { type: 'boolean', about: 'print JSON, for scripts' },
  },
  async run(given, terminal) {
    const variables = await readVariables(given, terminal);
    const apiSecret = variables.env['PORTONE_API_SECRET'];
    const baseUrl = baseUrlOf(given, variables);
    if (!apiSecret?.trim())
      throw new CliError(
        'PORTONE_API_SECRET is not set: put the V2 API secret of the PortOne console into the environment or into .env.',
      );
    const proxy = proxyOf(baseUrl, variables.env)?.url;
    const found = await login(baseUrl, proxy, apiSecret);
    const lines = given.json
      ? [asJson(found)]
      : asText(baseUrl.host, found, terminal);
    // The server's texts are printed, so they must not repeat the secret or a token, nor move the cursor.
    for (const line of lines)
      terminal.print(withoutSecrets(line, apiSecret, found));
    return 0;
  },
});

const asJson = ({
  accessToken: _a,
  refreshToken: _r,
  ...facts
}: Login): string => JSON.stringify(facts, undefined, 2);

function asText(host: string, login: Login, { paint }: Terminal): string[] {
  const { merchantId, storeId, permissions } = login;
  const [first = 'none', ...others] = permissions;
  return [
    paint('green', `Logged in at ${host}.`),
    ...columns([
      ['merchant', printable(merchantId ?? 'not named in the token')],
      ['store', printable(storeId ?? 'not named in the token')],
      ['permissions', printable(first)],
      ...others.map((name) => ['', printable(name)]),
      ['access token', `lives ${durationText(login.accessTokenLifetime)}`],
      ['refresh token', `lives ${durationText(login.refreshTokenLifetime)}`],
    ]),
  ];
}

const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');

function withoutSecrets(line: string, apiSecret: string, login: Login): string {
  return [apiSecret, login.accessToken, login.refreshToken].reduce(
    (text, secret) => text.replaceAll(secret, '[hidden]'),
    line,
  );
}
