import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpsAgent as KeepAliveAgent } from 'agentkeepalive';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { lookup as resolve } from 'node:dns';
import { Agent } from 'node:https';
import type { AuthModuleOptions } from '../../../lib/index.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import {
  openTlsFront,
  selfSigned,
  type SelfSigned,
  type TlsFront,
} from '../../support/tls-front.js';
import {
  openWitnessProxy,
  type WitnessProxy,
} from '../../support/witness-proxy.js';

let server: SelfSigned;
let client: SelfSigned;
let front: TlsFront;
let proxy: WitnessProxy;

describe('Over TLS, token calls keep', () => {
  beforeAll(() => {
    server = selfSigned('localhost');
    client = selfSigned('the shop');
  });

  const open = async (ca?: string) => {
    const portone = await openEmulator({ apiSecret: 'the-secret' });
    front = await openTlsFront(portone.url, server, ca);
    proxy = await openWitnessProxy();
  };
  const shop = (http: AuthModuleOptions['http'], baseURL = front.url) =>
    openShop({
      options: { apiSecret: 'the-secret', baseURL, eager: false, http },
    });

  afterEach(async () => {
    await closeShops();
    await front.close();
    await proxy.close();
  });

  it.each<[string, (options: object) => unknown]>([
    ["Node's agent", (options) => new Agent(options)],
    ['agentkeepalive', (options) => new KeepAliveAgent(options)],
  ])('authority and client certificate of %s', async (_, create) => {
    const { cert, key } = client;
    await open(cert);
    const httpsAgent = create({ ca: server.cert, cert, key });
    const { tokens } = await shop({ httpsAgent });
    await tokens.getAccessToken();
    expect(front.connections).toEqual([
      { servername: 'localhost', clientName: 'the shop' },
    ]);
  });

  it('servername, and lookup and family of axios', async () => {
    await open();
    const asked: string[] = [];
    const { tokens } = await shop(
      {
        httpsAgent: new Agent({ ca: server.cert, servername: 'localhost' }),
        family: 4,
        lookup: (hostname: string, options: object, done: never) => {
          asked.push(`${hostname} ${JSON.stringify(options)}`);
          resolve('localhost', options, done);
        },
      } as AuthModuleOptions['http'],
      `https://portone.test:${front.port}`,
    );
    await tokens.getAccessToken();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^portone\.test .*"family":4/);
    expect(front.connections).toHaveLength(1);
  });

  it('rejectUnauthorized; without it an untrusted certificate is an error with its code', async () => {
    await open();
    const trusting = await shop({
      httpsAgent: new Agent({ rejectUnauthorized: false }),
    });
    await trusting.tokens.getAccessToken();
    const strict = await shop({ httpsAgent: new Agent({ keepAlive: true }) });
    await expect(strict.tokens.getAccessToken()).rejects.toThrow(
      `POST /login/api-secret to localhost:${front.port} failed with DEPTH_ZERO_SELF_SIGNED_CERT: its certificate is not accepted`,
    );
  });

  it('the proxy that http.proxy names, with the authority of the agent', async () => {
    await open();
    const { tokens } = await shop({
      httpsAgent: new Agent({ ca: server.cert }),
      proxy: { host: '127.0.0.1', port: proxy.port },
    });
    await tokens.getAccessToken();
    expect(proxy.asked).toEqual([`CONNECT localhost:${front.port}`]);
    expect(proxy.text).not.toContain('the-secret');
  });

  it('the tunnel of https-proxy-agent, through which everything is encrypted', async () => {
    await open();
    const { tokens } = await shop({
      httpsAgent: new HttpsProxyAgent(proxy.url),
    });
    await expect(tokens.getAccessToken()).rejects.toThrow(
      `to localhost:${front.port} through the proxy 127.0.0.1:${proxy.port} failed with DEPTH_ZERO_SELF_SIGNED_CERT`,
    );
    expect(proxy.asked).toEqual([`CONNECT localhost:${front.port}`]);
    expect(proxy.text).not.toContain('the-secret');
  });
});
