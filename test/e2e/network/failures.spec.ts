import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { isCredentialsRejectedError } from '../../../lib/index.js';
import type { AuthModuleOptions } from '../../../lib/index.js';
import { freePort } from '../../support/free-port.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const apiSecret = 'canary-of-a-secret';

/** The error when a client with these options requests a token. */
async function failure(options: Partial<AuthModuleOptions>): Promise<Error> {
  const { tokens } = await openShop({
    options: { apiSecret, eager: false, ...options },
  });
  const error = await tokens.getAccessToken().then(
    () => new Error('there was a token'),
    (reason: Error) => reason,
  );
  const all = inspect(error, { depth: Infinity, showHidden: true });
  expect(`${all}${JSON.stringify(error)}${error.stack}`).not.toContain(
    apiSecret,
  );
  return error;
}

describe('The error of a failed token call names the address and the cause:', () => {
  afterEach(closeShops);

  it('a closed port', async () => {
    const port = await freePort();
    const { message } = await failure({ baseURL: `http://127.0.0.1:${port}` });
    expect(message).toContain(
      `POST /login/api-secret to 127.0.0.1:${port} failed with ECONNREFUSED 127.0.0.1:${port} (`,
    );
  });

  it('two closed addresses of localhost, of which the error shows the first', async () => {
    const port = await freePort();
    const { message } = await failure({ baseURL: `http://localhost:${port}` });
    expect(message).toMatch(
      new RegExp(
        `to localhost:${port} failed with ECONNREFUSED (127\\.0\\.0\\.1|\\[::1\\]):${port} `,
      ),
    );
  });

  it('a host that cannot be found', async () => {
    const notFound = Object.assign(new Error(apiSecret), {
      code: 'ENOTFOUND',
      hostname: 'portone.test',
    });
    const { message } = await failure({
      baseURL: 'https://portone.test',
      http: {
        proxy: false,
        lookup: (_: string, __: object, done: (error: Error) => void) =>
          done(notFound),
      } as AuthModuleOptions['http'],
    });
    expect(message).toContain(
      'POST /login/api-secret to portone.test failed with ENOTFOUND portone.test (',
    );
  });

  it('a proxy that cannot be reached, without its credentials', async () => {
    const port = await freePort();
    const proxy = {
      host: '127.0.0.1',
      port,
      auth: { username: 'u', password: apiSecret },
    };
    const { message } = await failure({
      baseURL: 'https://portone.test',
      http: { proxy },
    });
    expect(message).toContain(
      `to portone.test through the proxy 127.0.0.1:${port} failed with ECONNREFUSED 127.0.0.1:${port} (`,
    );
  });

  it('a proxy of a proxy agent, without its credentials', async () => {
    const port = await freePort();
    const httpsAgent = new HttpsProxyAgent(
      `http://u:${apiSecret}@localhost:${port}`,
    );
    const { message } = await failure({
      baseURL: 'https://portone.test',
      http: { httpsAgent, proxy: false },
    });
    expect(message).toContain(
      `through the proxy localhost:${port} failed with`,
    );
  });

  it.each([403, 407, 502])(
    'the proxy of a proxy agent, when that answers %i itself',
    async (status) => {
      const proxy = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      }).listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const { port } = proxy.address() as AddressInfo;
      const httpsAgent = new HttpsProxyAgent(
        `http://u:${apiSecret}@127.0.0.1:${port}`,
      );
      const { message } = await failure({
        baseURL: 'https://portone.test',
        http: { httpsAgent, proxy: false },
      });
      proxy.close();
      expect(message).toContain(
        `to portone.test through the proxy 127.0.0.1:${port} was answered with status ${status}`,
      );
    },
  );

  it('an answer that never comes', async () => {
    const portone = await openEmulator();
    portone.fail('login', { kind: 'hang' });
    const { tokens, time } = await openShop({
      portone,
      options: { eager: false },
    });
    const call = tokens.getAccessToken().catch(String);
    await until(() => portone.calls.login === 1);
    await time.advance(10_000);
    expect(await call).toContain(
      `${new URL(portone.url).host} did not answer within 10000 ms`,
    );
  });

  it('a status that PortOne does not document', async () => {
    const { portone, tokens } = await openShop({ options: { eager: false } });
    portone.fail('login', { kind: 'status', status: 407 });
    await expect(tokens.getAccessToken()).rejects.toThrow(
      `POST /login/api-secret to ${new URL(portone.url).host} was answered with status 407: a proxy asks for credentials`,
    );
  });
});

describe('The error of a rejected secret names its visible fault:', () => {
  afterEach(closeShops);

  it.each([
    ['a line break', `${apiSecret}\n`, 'it contains a line break; remove it'],
    ['quotes', `"${apiSecret}"`, 'it is in quotes; remove them'],
    ['a blank before it', ` ${apiSecret}`, 'it contains whitespace; remove it'],
    [
      'the scheme of a header',
      `PortOne ${apiSecret}`,
      "it begins with the scheme of an Authorization header, such as 'PortOne '; remove that",
    ],
  ])('%s', async (_, wrong, message) => {
    const portone = await openEmulator({ apiSecret });
    const { url: baseURL } = portone;
    const error = await failure({ baseURL, apiSecret: () => wrong });
    expect(isCredentialsRejectedError(error)).toBe(true);
    expect(error.message).toContain(`(401 UNAUTHORIZED; ${message}`);
    const atBoot = openShop({ portone, options: { apiSecret: wrong } });
    await expect(atBoot).rejects.toMatchObject({
      code: 'PORTONE_CONFIG_INVALID',
      problems: [
        { field: 'apiSecret', message: expect.stringContaining(message) },
      ],
    });
    await expect(atBoot).rejects.not.toThrow(apiSecret);
  });

  it('no fault, when none is visible', async () => {
    const { url: baseURL } = await openEmulator();
    const { message } = await failure({ baseURL });
    expect(message).toContain('(401 UNAUTHORIZED).');
    expect(message).toMatch(/expired.*deleted/);
  });
});
