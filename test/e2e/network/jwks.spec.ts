import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { Agent as HttpAgent, request } from 'node:http';
import { Agent } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import type { AuthModuleOptions } from '../../../lib/index.js';
import {
  openTlsFront,
  selfSigned,
  type TlsFront,
} from '../../support/tls-front.js';
import { VirtualTime } from '../../support/virtual-time.js';
import {
  openWitnessProxy,
  type WitnessProxy,
} from '../../support/witness-proxy.js';
import { CallersPayments } from '../permission/callers-payments.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
} from '../permission/guarded-app.js';

describe('The JWKS', () => {
  const { HTTP_PROXY: given } = process.env;
  const certificate = selfSigned();
  let proxy: WitnessProxy;
  let front: TlsFront | undefined;

  beforeEach(async () => {
    proxy = await openWitnessProxy();
  });
  afterEach(async () => {
    delete process.env['HTTP_PROXY'];
    if (given !== undefined) process.env['HTTP_PROXY'] = given;
    await closeGuardedApps();
    await proxy.close();
    await front?.close();
    front = undefined;
  });

  /** Sends a caller's request to an app with these network settings. */
  async function ask(
    http: AuthModuleOptions['http'],
    address: (jwksUri: string) => string | Promise<string> = (uri) => uri,
  ) {
    const time = new VirtualTime();
    const portone = await openPortOne({ clock: time.trueTime });
    const jwksUri = await address(portone.jwksUri);
    const opened = await openGuardedApp({
      time,
      portone,
      controllers: [CallersPayments],
      permissions: ({ merchantId }) => ({
        verification: { jwksUri, merchantId },
      }),
      options: { eager: false, http },
    });
    const token = await portone.issueAccessToken();
    const { status } = await opened.ask('/payments', `Bearer ${token}`);
    return { ...opened, status };
  }

  const behindTls = async (jwksUri: string) => {
    front = await openTlsFront(new URL(jwksUri).origin, certificate);
    return `${front.url}${new URL(jwksUri).pathname}`;
  };

  it('is fetched with the certificate authority of httpsAgent', async () => {
    const httpsAgent = new Agent({ ca: certificate.cert });
    const { status, portone } = await ask({ httpsAgent }, behindTls);
    expect([status, portone.calls.jwks]).toEqual([200, 1]);
  });

  it('is not fetched from a server without a trusted certificate, and the log names the reason', async () => {
    const { status, log } = await ask({}, behindTls);
    expect(status).toBe(503);
    expect(log.lines.join('\n')).toMatch(/could not be reached \(\w+_CERT/);
  });

  it('is fetched through the proxy that http.proxy names', async () => {
    const { status, portone } = await ask({
      proxy: { host: '127.0.0.1', port: proxy.port },
    });
    expect([status, proxy.asked]).toEqual([200, [`GET ${portone.jwksUri}`]]);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['answers 403', 'HTTP/1.1 403 No\r\n\r\n', /it answered 403 through/],
    ['breaks off', undefined, /it could not be reached through .*\(ECONNRESET/],
  ])(
    'is not fetched when a proxy %s, and the log names the proxy',
    async (_, answer, said) => {
      const wall = createServer((socket) => {
        if (answer === undefined) socket.resetAndDestroy();
        else socket.end(answer);
      }).listen(0, '127.0.0.1');
      await once(wall, 'listening');
      const where = `127.0.0.1:${(wall.address() as AddressInfo).port}`;
      const httpsAgent = new HttpsProxyAgent(`http://user:canary@${where}`);
      const { status, log } = await ask({ httpsAgent }, behindTls);
      wall.close();
      const lines = log.lines.join('\n');
      expect(status).toBe(503);
      expect(lines).toMatch(said);
      expect(lines).toContain(`through the proxy ${where}`);
      expect(lines).not.toContain('canary');
    },
  );

  it('on loopback is fetched without the proxy of the environment', async () => {
    process.env['HTTP_PROXY'] = proxy.url;
    const { status } = await ask({});
    expect([status, proxy.asked]).toEqual([200, []]);
  });

  it('is fetched from the address that the option lookup returns', async () => {
    const names: string[] = [];
    const { status } = await ask(
      {
        lookup: (name, options, done) => {
          names.push(name);
          lookup('127.0.0.1', options, done as never);
        },
      },
      (uri) => uri.replace('127.0.0.1', 'localhost'),
    );
    expect([status, names]).toEqual([200, ['localhost']]);
  });

  it('is fetched at once also when the pool of the agent is full', async () => {
    const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    const slow = await openPortOne();
    slow.fail('api', { kind: 'hang' });
    const { hostname, port } = new URL(slow.url);
    const held = httpAgent as HttpAgent & { totalSocketCount: number };
    const hanging = request({
      hostname,
      port,
      path: '/payments/p',
      agent: httpAgent,
    });
    hanging.on('error', () => undefined).end();
    const { status } = await ask({ httpAgent });
    expect([status, held.totalSocketCount]).toEqual([200, 1]);
    hanging.destroy();
  });
});
