import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortOneEmulator, type Fault } from '../../../lib/testing/index.js';
import { runCli, type Ended } from '../../support/cli.js';
import { openTlsFront, selfSigned } from '../../support/tls-front.js';
import { openWitnessProxy } from '../../support/witness-proxy.js';

describe('The command whoami', () => {
  let portone: PortOneEmulator;
  let env: Record<string, string>;

  beforeEach(async () => {
    portone = await PortOneEmulator.start({
      accessTokenLifetime: 1800,
      permissions: ['TX_READ', 'TX_UPDATE'],
      merchantId: 'merchant-1',
      storeId: 'store-1',
    });
    env = {
      PORTONE_API_SECRET: portone.apiSecret,
      PORTONE_API_BASE_URL: portone.url,
    };
  });
  afterEach(() => portone.stop());

  const host = () => new URL(portone.url).host;
  /** Runs the command; fails when it prints the secret or a token. */
  const whoami = async (
    args: string[] = [],
    more: object = {},
  ): Promise<Ended> => {
    const launch = { env, ...more };
    const ended = await runCli(['whoami', ...args], launch);
    const printed = `${ended.out}${ended.err}`;
    expect(printed).not.toContain(
      launch.env['PORTONE_API_SECRET'] ?? portone.apiSecret,
    );
    expect(printed).not.toMatch(/eyJ/);
    expect(printed).not.toContain('    at ');
    return ended;
  };

  it('prints merchant, store, permissions and lifetimes after one login', async () => {
    expect(await whoami()).toEqual({
      code: 0,
      err: '',
      out: [
        `Logged in at ${host()}.`,
        '  merchant       merchant-1',
        '  store          store-1',
        '  permissions    TX_READ',
        '                 TX_UPDATE',
        '  access token   lives 30 minutes',
        '  refresh token  lives 1 day',
        '',
      ].join('\n'),
    });
    expect(portone.calls).toMatchObject({ login: 1, refresh: 0, api: 0 });
  });

  it('prints JSON for scripts', async () => {
    const { out } = await whoami(['--json']);
    expect(JSON.parse(out)).toEqual({
      merchantId: 'merchant-1',
      storeId: 'store-1',
      permissions: ['TX_READ', 'TX_UPDATE'],
      accessTokenLifetime: 1800,
      refreshTokenLifetime: 86_400,
    });
  });

  it('calls the address of --base-url, not that of the environment', async () => {
    const elsewhere = { ...env, PORTONE_API_BASE_URL: 'http://127.0.0.1:9' };
    const { code } = await whoami(['--base-url', portone.url], {
      env: elsewhere,
    });
    expect(code).toBe(0);
  });

  it('reads .env of its folder, but variables of the environment win', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'cli-'));
    const lines = [
      `PORTONE_API_SECRET="${portone.apiSecret}"`,
      'PORTONE_API_BASE_URL=http://127.0.0.1:9',
    ];
    await writeFile(join(cwd, '.env'), lines.join('\n'));
    const { code } = await whoami([], {
      cwd,
      env: { PORTONE_API_BASE_URL: portone.url },
    });
    await rm(cwd, { recursive: true });
    expect(code).toBe(0);
  });

  it('calls a loopback address without the proxy of the environment', async () => {
    const dead = 'http://127.0.0.1:9';
    const proxied = {
      ...env,
      HTTP_PROXY: dead,
      HTTPS_PROXY: dead,
      ALL_PROXY: dead,
    };
    expect((await whoami([], { env: proxied })).code).toBe(0);
  });

  it.each([
    ['quotes', (secret: string) => `"${secret}"`, 'it is in quotes'],
    [
      'a scheme',
      (secret: string) => `PortOne ${secret}`,
      'it begins with the scheme',
    ],
    [
      'a line break',
      (secret: string) => `${secret}\n`,
      'it contains a line break',
    ],
    [
      'another secret',
      () => 'secret-of-another-shop',
      'take the V2 API secret',
    ],
  ])('exits with 1 and one sentence for %s', async (_, spoil, said) => {
    const spoilt = { ...env, PORTONE_API_SECRET: spoil(portone.apiSecret) };
    const { code, out, err } = await whoami([], { env: spoilt });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(
      `PortOne rejected PORTONE_API_SECRET (401 UNAUTHORIZED): ${said}`,
    );
    expect(err.trimEnd()).not.toContain('\n');
  });

  it.each([undefined, '', ' '])(
    'exits with 1 when PORTONE_API_SECRET is %j',
    async (secret) => {
      const { PORTONE_API_BASE_URL } = env;
      const { code, err } = await runCli(['whoami'], {
        env: { PORTONE_API_BASE_URL, PORTONE_API_SECRET: secret },
      });
      expect(code).toBe(1);
      expect(err).toMatch(
        /^PORTONE_API_SECRET is not set: put the V2 API secret .*\n$/,
      );
    },
  );

  it('exits with 1 when PORTONE_API_BASE_URL is not an https URL', async () => {
    const wrong = {
      ...env,
      PORTONE_API_BASE_URL: 'http://user:pw@example.com',
    };
    const { code, err } = await whoami([], { env: wrong });
    expect(code).toBe(1);
    expect(err).toMatch(/^PORTONE_API_BASE_URL must be an https URL .*\n$/);
    expect(err).not.toContain('pw');
  });

  it.each<[Fault, RegExp]>([
    [{ kind: 'status', status: 503 }, /was answered with status 503\.\n$/],
    [{ kind: 'html' }, /status 200 and no pair of tokens/],
    [{ kind: 'html-401' }, /was answered with status 401/],
    [{ kind: 'empty-body' }, /status 200 and no pair of tokens/],
    [{ kind: 'malformed-tokens' }, /status 200 and no pair of tokens/],
    [
      { kind: 'reset-before-answer' },
      /cannot be reached: ECONNRESET\. Run the command `doctor`/,
    ],
    [{ kind: 'garbage' }, /cannot be reached: HPE_/],
  ])(
    'exits with 1 and one sentence when the login meets %j',
    async (fault, said) => {
      portone.fail('login', fault);
      const { code, out, err } = await whoami();
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(said);
      expect(err.trimEnd()).not.toContain('\n');
    },
  );

  it('says in one sentence that the server cannot be reached', async () => {
    await portone.stop();
    const { code, err } = await whoami();
    expect([code, err]).toEqual([
      1,
      `${host()} cannot be reached: ECONNREFUSED. Run the command \`doctor\` to find the cause.\n`,
    ]);
  });

  it('calls https through the proxy of the environment, and the proxy sees no secret', async () => {
    const certificate = selfSigned();
    const front = await openTlsFront(portone.url, certificate);
    const proxy = await openWitnessProxy();
    const cwd = await mkdtemp(join(tmpdir(), 'cli-'));
    await writeFile(join(cwd, 'ca.pem'), certificate.cert);
    const secure = {
      ...env,
      PORTONE_API_BASE_URL: front.url,
      HTTPS_PROXY: proxy.url.replace('//', '//user:pass@'),
      NODE_EXTRA_CA_CERTS: join(cwd, 'ca.pem'),
    };
    expect((await whoami([], { env: secure })).code).toBe(0);
    expect(proxy.asked).toEqual([`CONNECT localhost:${front.port}`]);
    expect(proxy.credentials).toEqual([`Basic ${btoa('user:pass')}`]);
    expect(proxy.text).not.toContain(portone.apiSecret);

    const { err } = await whoami([], {
      env: { ...secure, NODE_EXTRA_CA_CERTS: '' },
    });
    expect(err).toMatch(
      / through the proxy 127\.0\.0\.1:\d+: DEPTH_ZERO_SELF_SIGNED_CERT, its certificate is not accepted\. /,
    );
    await proxy.close();
    await front.close();
    await rm(cwd, { recursive: true });
  });

  it('hides the secret, and characters that move the cursor, in texts of the server', async () => {
    await portone.stop();
    portone = await PortOneEmulator.start({
      merchantId: portone.apiSecret,
      storeId: 'store\u001b[2J\u202e',
    });
    env['PORTONE_API_BASE_URL'] = portone.url;
    const { out } = await whoami();
    expect(out).toContain('merchant       [hidden]');
    expect(out).toContain('store          store?[2J?\n');
  });

  it('hides both in JSON as well, where quotes are escaped but some control characters are not', async () => {
    const apiSecret = `a"quoted\\secret-${'x'.repeat(40)}`;
    await portone.stop();
    portone = await PortOneEmulator.start({
      apiSecret,
      merchantId: apiSecret,
      storeId: 'store\u009b2J\u202e\u007f',
      permissions: [`${apiSecret}\u009b`],
    });
    env = { PORTONE_API_SECRET: apiSecret, PORTONE_API_BASE_URL: portone.url };
    expect(JSON.parse((await whoami(['--json'])).out)).toMatchObject({
      merchantId: '[hidden]',
      storeId: 'store?2J??',
      permissions: ['[hidden]?'],
    });
  });
});
