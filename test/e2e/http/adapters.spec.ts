import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AxiosError, AxiosHeaders } from 'axios';
import { closeShops, openShop } from '../../support/shop.js';
import { capture } from './capture.js';

const bearer = expect.stringMatching(/^Bearer ey/);

describe('The adapter of a request', () => {
  afterEach(closeShops);

  it.each(['http', 'fetch'])(
    '%s: the request carries the token, and is replayed after a 401',
    async (adapter) => {
      const { http, portone, tokens } = await openShop();
      portone.revokeAccessTokens();
      portone.resetCalls();
      const { data, config } = await http.axiosRef.post<{ body: string }>(
        '/echo',
        { amount: 1 },
        { adapter },
      );
      expect(Buffer.from(data.body, 'base64').toString()).toBe('{"amount":1}');
      expect(portone.calls.api).toBe(2);
      expect(portone.calls.tokens).toBe(1);
      expect(config.adapter).toBe(adapter);
      expect(tokens.peekAccessToken()).toBeDefined();
    },
  );

  it('fetch: a streamed 401 is discarded, and the replay streams', async () => {
    const { http, portone } = await openShop();
    portone.revokeAccessTokens();
    const { data } = await http.axiosRef.get<ReadableStream>('/echo', {
      adapter: 'fetch',
      responseType: 'stream',
    });
    const answer: unknown = await new Response(data).json();
    expect(answer).toMatchObject({ url: '/echo' });
  });

  it('http with HTTP/2: the request carries the token, and is replayed after a 401', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.statusCode = seen.length === 1 ? 401 : 200;
      response.end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const { http } = await openShop({ options: { allowedOrigins: [url] } });
    const { status } = await http.axiosRef.get(`${url}/x`, {
      httpVersion: 2,
      http2Options: { sessionTimeout: 50 },
    });
    server.close();
    expect(status).toBe(200);
    expect(seen).toEqual([bearer, bearer]);
    expect(seen[0]).not.toBe(seen[1]);
  });

  it('a mock gets the token, as a later default and for one request', async () => {
    const { http } = await openShop();
    const byDefault = capture((attempt) => (attempt === 1 ? 401 : 200));
    http.axiosRef.defaults.adapter = byDefault;
    expect((await http.axiosRef.get('/x')).status).toBe(200);
    expect(byDefault.tokens).toEqual([bearer, bearer]);
    const forOne = capture();
    await http.axiosRef.get('/x', { adapter: forOne });
    expect(forOne.tokens).toEqual([bearer]);
    expect(byDefault.tokens).toHaveLength(2);
  });

  it('is called synchronously when there is a usable token', async () => {
    const { http } = await openShop();
    const adapter = capture();
    const call = http.axiosRef.get('/x', { adapter });
    expect(adapter.tokens).toEqual([bearer]);
    await call;
  });

  it('an error that holds a copy of the config gets the config without the token', async () => {
    const { http } = await openShop();
    const failed = await http.axiosRef
      .get('/x', {
        adapter: (config) =>
          Promise.reject(
            new AxiosError('down', 'ERR', {
              ...config,
              headers: new AxiosHeaders(config.headers),
            }),
          ),
      })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(AxiosError);
    expect((failed as AxiosError).config!.headers.has('Authorization')).toBe(
      false,
    );
  });

  it('a refused answer with a web stream is cancelled before the replay', async () => {
    const { http } = await openShop();
    const adapter = capture((attempt) => (attempt === 1 ? 401 : 200));
    const bodies: ReadableStream[] = [];
    let cancelled = 0;
    await http.axiosRef.get('/x', {
      adapter: async (config) => {
        const data = new ReadableStream({
          cancel: () => void (cancelled += 1),
        });
        bodies.push(data);
        return { ...(await adapter(config)), data };
      },
    });
    expect(bodies).toHaveLength(2);
    expect(cancelled).toBe(1);
  });

  it('one that throws synchronously leaves no token on the config', async () => {
    const { http } = await openShop();
    let given: { headers: { has(name: string): boolean } } | undefined;
    await expect(
      http.axiosRef.get('/x', {
        adapter: (config) => {
          given = config;
          throw new TypeError('out of order');
        },
      }),
    ).rejects.toThrow('out of order');
    expect(given!.headers.has('Authorization')).toBe(false);
  });

  it('a header that one adds is sent with that attempt only', async () => {
    const { http } = await openShop();
    const answers = capture((attempt) => (attempt === 1 ? 401 : 200));
    const before: boolean[] = [];
    const kept: AxiosHeaders[] = [];
    const { config } = await http.axiosRef.get('/x', {
      // axios stores the token under this spelling of the name.
      headers: { authorization: undefined },
      adapter: ({ headers, ...request }) => {
        headers.normalize(false);
        before.push(headers.has('X-Attempt'));
        kept.push(headers);
        headers.set('X-Attempt', 'this one');
        return answers({ ...request, headers });
      },
    });
    expect(answers.tokens).toEqual([bearer, bearer]);
    expect(before).toEqual([false, false]);
    expect(config.headers.has('X-Attempt')).toBe(false);
    expect(JSON.stringify(kept)).not.toContain('Bearer');
  });

  it('an unknown one is an error of axios', async () => {
    const { http } = await openShop();
    await expect(
      http.axiosRef.get('/x', { adapter: 'telepathy' }),
    ).rejects.toThrow("Unknown adapter 'telepathy'");
  });

  it('a config that is wrapped twice is sent once, with one token', async () => {
    const { http } = await openShop();
    const adapter = capture();
    let wrapped: typeof http.axiosRef.defaults.adapter;
    const { handlers } = http.axiosRef.interceptors.request as unknown as {
      handlers: { fulfilled(config: object): { adapter: typeof wrapped } }[];
    };
    wrapped = handlers[0]!.fulfilled({ adapter }).adapter;
    const { config } = await http.axiosRef.get('/x', { adapter: wrapped });
    expect(adapter.tokens).toEqual([bearer]);
    expect(config.adapter).toBe(adapter);
  });

  it('the token stays when the app removes all interceptors, one by one or together', async () => {
    const { http } = await openShop();
    const { request } = http.axiosRef.interceptors;
    const remove: ((id: number) => void)[] = [
      (id) => {
        for (let each = 0; each <= id; each += 1) request.eject(each);
      },
      () => request.clear(),
    ];
    for (const all of [...remove, ...remove]) {
      const seen: unknown[] = [];
      all(request.use((config) => (seen.push(config), config)));
      const adapter = capture();
      await http.axiosRef.get('/x', { adapter });
      expect([seen.length, ...adapter.tokens]).toEqual([0, bearer]);
    }
  });
});
