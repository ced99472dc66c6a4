import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Agent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { openTlsFront, selfSigned } from '../../support/tls-front.js';
import {
  openWitnessProxy,
  type WitnessProxy,
} from '../../support/witness-proxy.js';

const VARIABLES = [
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
];

describe('A loopback baseURL', () => {
  const given = Object.fromEntries(
    VARIABLES.map((name) => [name, process.env[name]]),
  );
  let proxy: WitnessProxy;

  beforeEach(async () => {
    for (const name of VARIABLES) delete process.env[name];
    proxy = await openWitnessProxy();
  });

  afterEach(async () => {
    for (const name of VARIABLES) delete process.env[name];
    for (const [name, value] of Object.entries(given))
      if (value !== undefined) process.env[name] = value;
    await closeShops();
    await proxy.close();
  });

  it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])(
    'is called without the proxy that %s names',
    async (name) => {
      process.env[name] = proxy.url;
      const { portone, http, tokens } = await openShop();
      await http.axiosRef.get('/payments/payment-1');
      await http.axiosRef.get(`${portone.url}/payments/payment-2`);
      await tokens.renew();
      expect(portone.calls).toMatchObject({ login: 1, refresh: 1, api: 2 });
      expect(proxy.asked).toEqual([]);
    },
  );

  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'is called without the proxy that %s names, with https, too',
    async (name) => {
      process.env[name] = proxy.url;
      const certificate = selfSigned();
      const portone = await openEmulator();
      const front = await openTlsFront(portone.url, certificate);
      const httpsAgent = new HttpsAgent({ ca: certificate.cert });
      const { http } = await openShop({
        portone,
        options: { baseURL: front.url, http: { httpsAgent } },
      });
      await http.axiosRef.get('/payments/payment-1');
      await front.close();
      expect(portone.calls).toMatchObject({ login: 1, api: 1 });
      expect(proxy.asked).toEqual([]);
    },
  );

  it('and a further allowed origin on loopback are called without the proxy', async () => {
    process.env['HTTP_PROXY'] = proxy.url;
    const other = await openEmulator();
    const { http } = await openShop({
      options: { allowedOrigins: [other.url] },
    });
    await http.axiosRef.get(`${other.url}/echo`, {
      validateStatus: () => true,
    });
    expect(other.calls.api).toBeGreaterThan(0);
    expect(proxy.asked).toEqual([]);
  });

  it('does not change requests to other origins, which use the proxy as with plain axios', async () => {
    process.env['HTTP_PROXY'] = proxy.url;
    const other = await openEmulator();
    const { http } = await openShop();
    await http.axiosRef.get(`${other.url}/echo`, {
      validateStatus: () => true,
    });
    expect(proxy.asked).toEqual([`GET ${other.url}/echo`]);
    expect(proxy.text).not.toContain('Bearer');
  });

  it('is called through the proxy that http.proxy names, for token calls and API calls', async () => {
    const { host, port, username, password } = {
      host: '127.0.0.1',
      port: proxy.port,
      username: 'shop',
      password: 'pass',
    };
    const { http, portone } = await openShop({
      options: {
        http: { proxy: { host, port, auth: { username, password } } },
      },
    });
    await http.axiosRef.get('/payments/payment-1');
    expect(proxy.asked).toEqual([
      `POST ${portone.url}/login/api-secret`,
      `GET ${portone.url}/payments/payment-1`,
    ]);
    const basic = Buffer.from('shop:pass').toString('base64');
    expect(proxy.credentials).toEqual([`Basic ${basic}`, `Basic ${basic}`]);
  });

  it('is called through a proxy that is itself reached by https', async () => {
    const certificate = selfSigned();
    const front = await openTlsFront(proxy.url, certificate);
    const { tokens, portone } = await openShop({
      options: {
        http: {
          httpsAgent: new HttpsAgent({ ca: certificate.cert }),
          proxy: { protocol: 'https', host: 'localhost', port: front.port },
        },
      },
    });
    await tokens.renew();
    await front.close();
    expect(new Set(proxy.asked)).toEqual(
      new Set([
        `POST ${portone.url}/login/api-secret`,
        `POST ${portone.url}/token/refresh`,
      ]),
    );
  });

  it('is called without the proxy of an agent with proxyEnv, as NODE_USE_ENV_PROXY sets it', async () => {
    const httpAgent = new Agent({
      proxyEnv: { HTTP_PROXY: proxy.url },
    } as AgentOptions);
    const { http, portone } = await openShop({
      options: { http: { httpAgent } },
    });
    await http.axiosRef.get('/payments/payment-1');
    expect(portone.calls).toMatchObject({ login: 1, api: 1 });
    expect(proxy.asked).toEqual([]);
  });

  it('is called through the proxy that a single request names', async () => {
    const { http, portone } = await openShop();
    await http.axiosRef.get('/payments/payment-1', {
      proxy: { host: '127.0.0.1', port: proxy.port },
    });
    expect(proxy.asked).toEqual([`GET ${portone.url}/payments/payment-1`]);
  });
});
