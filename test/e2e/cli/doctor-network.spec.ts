import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDns } from '../../../lib/cli/doctor/dns.check.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { runCli } from '../../support/cli.js';
import {
  openTlsFront,
  selfSigned,
  type TlsFront,
} from '../../support/tls-front.js';
import { openWitnessProxy } from '../../support/witness-proxy.js';

const certificate = selfSigned();

describe('The command doctor, over https', () => {
  let portone: PortOneEmulator;
  let front: TlsFront;
  let folder: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    portone = await PortOneEmulator.start();
    front = await openTlsFront(portone.url, certificate);
    folder = await mkdtemp(join(tmpdir(), 'cli-'));
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, certificate.cert);
    env = {
      PORTONE_API_SECRET: portone.apiSecret,
      PORTONE_API_BASE_URL: front.url,
      NODE_EXTRA_CA_CERTS: ca,
    };
  });
  afterEach(async () => {
    await front.close();
    await portone.stop();
    await rm(folder, { recursive: true });
  });

  const doctor = async (more: Record<string, string> = {}) => {
    const { code, out } = await runCli(['doctor'], {
      env: { ...env, ...more },
    });
    const lineOf = (name: string) =>
      RegExp(`^(?:pass|FAIL|skip)  ${name} .*`, 'm').exec(out)?.[0];
    return { code, out, lineOf };
  };

  it('passes without a proxy', async () => {
    const { code, lineOf } = await doctor();
    expect(code).toBe(0);
    expect(lineOf('dns')).toMatch(/^pass .* localhost is /);
    expect(lineOf('tls')).toMatch(/^pass /);
    expect(lineOf('clock')).toMatch(/^pass /);
  });

  it('passes through a proxy that opens tunnels, and does not use the proxy for a host in NO_PROXY', async () => {
    const proxy = await openWitnessProxy();
    const through = await doctor({ https_proxy: proxy.url });
    expect(through.code).toBe(0);
    expect(through.lineOf('dns')).toMatch(/^skip /);
    expect(through.lineOf('proxy')).toMatch(
      /^pass .* https_proxy leads through 127/,
    );
    const tunnels = proxy.asked.length;
    expect(tunnels).toBeGreaterThan(0);
    const past = await doctor({
      https_proxy: proxy.url,
      no_proxy: 'localhost',
    });
    expect(past.lineOf('proxy')).toMatch(/^skip /);
    expect(proxy.asked).toHaveLength(tunnels);
    await proxy.close();
  });

  it.each([
    [
      'that is down',
      'http://user:pw@127.0.0.1:9',
      /the proxy 127\.0\.0\.1:9 of HTTPS_PROXY does not answer \(ECONNREFUSED\)/,
    ],
    [
      'that is not a URL',
      'socks5://127.0.0.1:1080',
      /HTTPS_PROXY is not an http or https URL/,
    ],
  ])(
    'fails for a proxy %s, without its password',
    async (_, HTTPS_PROXY, said) => {
      const { code, out, lineOf } = await doctor({ HTTPS_PROXY });
      expect(code).toBe(1);
      expect(lineOf('proxy')).toMatch(said);
      expect(out).toContain('NO_PROXY');
      expect(out).not.toContain('pw');
    },
  );

  it.each([407, 403])(
    'fails for a proxy that answers CONNECT with %i',
    async (status) => {
      const server = createServer().on('connect', (_, socket) => {
        socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const { code, lineOf, out } = await doctor({
        ALL_PROXY: `http://127.0.0.1:${port}`,
      });
      server.close();
      expect(code).toBe(1);
      expect(lineOf('proxy')).toContain(
        `of ALL_PROXY answers with status ${status}`,
      );
      expect(out).toContain(status === 407 ? 'USER:PASSWORD' : 'allow CONNECT');
    },
  );

  it('fails for a certificate of an unknown authority', async () => {
    const { code, lineOf, out } = await doctor({ NODE_EXTRA_CA_CERTS: '' });
    expect(code).toBe(1);
    expect(lineOf('tls')).toMatch(
      /^FAIL .* is not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    );
    expect(out).toContain('NODE_EXTRA_CA_CERTS=');
  });

  it('fails for a certificate of another name', async () => {
    const other = await openTlsFront(portone.url, selfSigned('example.com'));
    const { lineOf } = await doctor({
      PORTONE_API_BASE_URL: other.url,
      NODE_TLS_REJECT_UNAUTHORIZED: '1',
    });
    await other.close();
    expect(lineOf('tls')).toMatch(/^FAIL .*is not accepted/);
  });

  it('fails when the environment turns the check of certificates off', async () => {
    const { code, lineOf } = await doctor({
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    });
    expect(code).toBe(1);
    expect(lineOf('tls')).toMatch(/^FAIL .* NODE_TLS_REJECT_UNAUTHORIZED=0/);
  });

  it('fails when the server does not speak TLS', async () => {
    const { code, lineOf } = await doctor({
      PORTONE_API_BASE_URL: portone.url.replace('http:', 'https:'),
    });
    expect(code).toBe(1);
    expect(lineOf('tls')).toMatch(/^FAIL .* gives no TLS connection \(/);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])(
    'fails for a name that DNS answers with %s',
    async (code) => {
      const setup = {
        baseUrl: new URL('https://api.portone.io'),
        proxy: undefined,
        env: {},
      };
      const found = await checkDns(setup, () =>
        Promise.reject(Object.assign(new Error(), { code })),
      );
      expect(found).toMatchObject({
        outcome: 'fail',
        says: `api.portone.io has no address here (${code})`,
      });
    },
  );
});
