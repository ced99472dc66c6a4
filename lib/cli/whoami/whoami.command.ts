import { CliError } from '../command/cli-error.js';
import { command } from '../command/command.js';
import { durationText } from '../command/duration.js';
import { columns } from '../command/help.js';
import { proxyOf } from '../network/proxy-of.js';
import { baseUrlOf, readVariables, SETTINGS } from '../command/settings.js';
import type { Terminal } from '../command/terminal.js';
import { login, type Login } from './login.js';

export const whoami = command({
  name: 'whoami',
  summary: 'log in with PORTONE_API_SECRET and show what the secret may do',
  notes: [
    'Prints merchant, store, permissions and the lifetime of the tokens; never a token, never the secret.',
    'This is a real login: each running process with the same secret then has to log in again once.',
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
    const facts = shownFacts(found, apiSecret);
    const lines = given.json
      ? [JSON.stringify(facts, undefined, 2)]
      : asText(baseUrl.host, facts, terminal);
    for (const line of lines) terminal.print(line);
    return 0;
  },
});

type Facts = Omit<Login, 'accessToken' | 'refreshToken'>;

/** The texts come from the server. Printed, they must not show the secret or a token, or move the cursor. */
function shownFacts(login: Login, apiSecret: string): Facts {
  const { accessToken, refreshToken, ...facts } = login;
  const shown = (text: string): string =>
    [apiSecret, accessToken, refreshToken]
      .reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text)
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  const { merchantId, storeId, permissions } = facts;
  return {
    ...facts,
    merchantId: merchantId === undefined ? undefined : shown(merchantId),
    storeId: storeId === undefined ? undefined : shown(storeId),
    permissions: permissions.map(shown),
  };
}

function asText(host: string, facts: Facts, { paint }: Terminal): string[] {
  const { merchantId, storeId, permissions } = facts;
  const [first = 'none', ...others] = permissions;
  return [
    paint('green', `Logged in at ${host}.`),
    ...columns([
      ['merchant', merchantId ?? 'not named in the token'],
      ['store', storeId ?? 'not named in the token'],
      ['permissions', first],
      ...others.map((name) => ['', name]),
      ['access token', `lives ${durationText(facts.accessTokenLifetime)}`],
      ['refresh token', `lives ${durationText(facts.refreshTokenLifetime)}`],
    ]),
  ];
}
