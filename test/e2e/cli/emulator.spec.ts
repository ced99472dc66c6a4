import { afterEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { CliProcess, runCli, type Launch } from '../../support/cli.js';

const running: CliProcess[] = [];
afterEach(async () => {
  for (const process of running.splice(0)) await process.end('SIGKILL');
});

/** Starts the command. Returns the values that it printed for an app's environment. */
async function start(args: string[] = [], launch?: Launch) {
  const emulator = new CliProcess(['emulator', '--port', '0', ...args], launch);
  running.push(emulator);
  await emulator.said(/In a Nest app/);
  const printed = (name: string) =>
    RegExp(`${name}=(\\S+)`).exec(emulator.out)![1]!;
  const url = printed('PORTONE_API_BASE_URL');
  const apiSecret = printed('PORTONE_API_SECRET');
  const call = (path: string, init?: RequestInit) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: {
        Authorization: `PortOne ${apiSecret}`,
        'Content-Type': 'application/json',
        ...init?.headers,
      },
    });
  const login = async () => {
    const response = await call('/login/api-secret', {
      method: 'POST',
      body: JSON.stringify({ apiSecret }),
    });
    const body = (await response.json()) as { accessToken: string };
    return { status: response.status, body };
  };
  return { emulator, url, apiSecret, call, login };
}

/** A port of 127.0.0.1 that is taken until `close` is called. */
async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

describe('The command emulator', () => {
  it.each(['no proxy in the environment', 'a dead proxy in the environment'])(
    'prints curl lines that work, with %s',
    async (name) => {
      const dead = 'http://127.0.0.1:9';
      const env = name.startsWith('no')
        ? {}
        : { HTTP_PROXY: dead, http_proxy: dead, ALL_PROXY: dead };
      const { emulator } = await start([], { env });
      const lines = emulator.out.match(/^ {2}curl .*$/gm)!;
      const statuses: string[] = [];
      for (const line of lines) {
        const { stdout } = await promisify(execFile)(
          'sh',
          ['-c', line.trim()],
          {
            env: { PATH: process.env['PATH'], ...env },
          },
        );
        statuses.push(stdout.slice(0, stdout.indexOf('\r\n')));
      }
      expect(statuses).toEqual([
        'HTTP/1.1 200 OK',
        'HTTP/1.1 200 OK',
        'HTTP/1.1 200 OK',
      ]);
    },
  );

  it('prints curl lines that work for a secret with quotes and a dollar sign', async () => {
    const { emulator } = await start(['--secret', `it's a "$HOME" secret`]);
    const [login = '', payment = ''] = emulator.out.match(/^ {2}curl .*$/gm)!;
    for (const line of [login, payment]) {
      const { stdout } = await promisify(execFile)('sh', ['-c', line.trim()]);
      expect(stdout).toMatch(/^HTTP\/1\.1 200/);
    }
  });

  it('issues tokens with the permissions, the lifetime and the clock of its options', async () => {
    const { login } = await start([
      '--permission',
      'TX_READ,RECON_READ',
      '--permission',
      'TX_UPDATE',
      '--lifetime',
      '90',
      '--clock=-2h',
      '--merchant',
      'm-1',
      '--store',
      's-1',
    ]);
    const { body } = await login();
    const claims = decodeJwt(body.accessToken);
    expect(claims.exp! - claims.iat!).toBe(90);
    expect(Math.abs(claims.iat! - (Date.now() / 1000 - 7200))).toBeLessThan(30);
    expect(claims['merchant_service']).toMatchObject({
      merchant_id: 'm-1',
      store_id: 's-1',
      permissions: ['TX_READ', 'RECON_READ', 'TX_UPDATE'],
    });
  });

  it('fails the requests that --fail names, as often as --fail says', async () => {
    const { login, call } = await start([
      '--fail',
      'login=503*1',
      '--fail',
      'GET /payments/:paymentId=html',
    ]);
    expect((await login()).status).toBe(503);
    expect((await login()).status).toBe(200);
    const page = await call('/payments/payment-1');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect((await call('/payments')).status).toBe(200);
  });

  it('answers on loopback only', async () => {
    const { url } = await start();
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it('listens on every address with --host 0.0.0.0, and warns about it', async () => {
    const { emulator, login } = await start(['--host', '0.0.0.0']);
    expect(emulator.err).toMatch(/^--host 0\.0\.0\.0: every machine/);
    expect((await login()).status).toBe(200);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends at once on %s, even while a request hangs',
    async (signal) => {
      const { emulator, call } = await start(['--fail', 'api=hang']);
      const hanging = call('/payments/payment-1').catch(() => 'closed');
      const { code, err } = await emulator.end(signal);
      expect([code, err, await hanging]).toEqual([0, '', 'closed']);
    },
  );

  it('says in one sentence that the port of --port is taken, and exits with 1', async () => {
    const { port, close } = await takenPort();
    expect(await runCli(['emulator', '--port', String(port)])).toEqual({
      code: 1,
      out: '',
      err: `Port ${port} of 127.0.0.1 is taken; choose another one with --port, or --port 0 for any free one.\n`,
    });
    close();
  });

  it('uses another free port when its default port is taken', async () => {
    const other = createServer().on('error', () => undefined);
    other.listen(7788, '127.0.0.1');
    const emulator = new CliProcess(['emulator']);
    running.push(emulator);
    const [, url] = await emulator.said(/emulator is at (http:\S+?)\. /);
    expect(emulator.err).toBe(
      'Port 7788 is taken; another free port is used.\n',
    );
    expect(new URL(url!).port).not.toBe('7788');
    other.close();
  });

  it('says in one sentence that the address of --host is not one of this machine', async () => {
    const { code, err } = await runCli(['emulator', '--host', '192.0.2.1']);
    expect([code, err]).toEqual([
      1,
      '192.0.2.1 is not an address of this machine; leave --host out, or use 0.0.0.0 for every address.\n',
    ]);
  });

  it('suggests a documented permission for an unknown one, and grants the unknown one', async () => {
    const { emulator } = await start(['--permission', 'TX_REED']);
    expect(emulator.err).toBe(
      'TX_REED is not a permission that PortOne documents; did you mean TX_READ?\n',
    );
    expect(emulator.out).toMatch(/permissions +TX_REED/);
  });
});
