import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { RecordedCall } from '../../../lib/testing/call-log.js';
import { TokenUnavailableError } from '../../../lib/index.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { capture } from './capture.js';

const payment = '/payments/payment-1';

/** What the API got, first attempt and replay. */
const apiCalls = ({ portone }: Shop): RecordedCall[] =>
  portone.calls.requests.filter(({ endpoint }) => endpoint === 'api');

/** A shop whose token has just been revoked. */
async function openRevoked(): Promise<Shop> {
  const shop = await openShop();
  shop.portone.revokeAccessTokens();
  shop.portone.resetCalls();
  return shop;
}

describe('Replay of a refused request', () => {
  afterEach(closeShops);

  it.each([20, 2000])(
    'a token revoked under %i calls costs one renewal and no failed call',
    async (calls) => {
      const { portone, http } = await openRevoked();
      let n = 0;
      portone.delay('api', () => ((n++ % 20) * 380) / 19);
      portone.delay('tokens', 50);
      const answers = await Promise.all(
        Array.from({ length: calls }, () => http.axiosRef.get(payment)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(
        calls,
      );
      expect(portone.calls.tokens).toBe(1);
      expect(portone.calls.api).toBe(2 * calls);
      expect(portone.calls.unauthorized).toBe(calls);
    },
    60_000,
  );

  it.each<[string, () => unknown]>([
    ['JSON', () => ({ amount: 1, note: '환불' })],
    ['a string', () => 'plain text'],
    ['URLSearchParams', () => new URLSearchParams({ a: '1', b: '&' })],
    ['a Buffer', () => Buffer.from('bytes')],
    ['an ArrayBuffer', () => new TextEncoder().encode('bytes').buffer],
    ['a typed array', () => new Uint16Array([0x6261, 0x6463])],
    ['a Blob', () => new Blob(['bytes'], { type: 'text/plain' })],
    [
      'FormData',
      () => {
        const form = new FormData();
        form.append('amount', '1');
        form.append('receipt', new Blob(['bytes']), 'receipt.txt');
        return form;
      },
    ],
    ['nothing', () => undefined],
  ])(
    'sends %s again: the same bytes and headers, another token',
    async (_, body) => {
      const shop = await openRevoked();
      const { status } = await shop.http.axiosRef.post('/echo', body(), {
        headers: { 'Idempotency-Key': '"0123456789abcdef"', 'X-Own': '1' },
      });
      expect(status).toBe(200);
      const [first, second, ...more] = apiCalls(shop);
      expect(more).toEqual([]);
      expect(partsOf(second!)).toEqual(partsOf(first!));
      const { authorization: refused, ...headers } = first!.headers;
      expect(headers).toMatchObject({
        'idempotency-key': '"0123456789abcdef"',
        'x-own': '1',
      });
      expect({ ...second!.headers, 'content-type': '' }).toMatchObject({
        ...headers,
        'content-type': '',
      });
      expect(second!.headers.authorization).toMatch(/^Bearer ey/);
      expect(second!.headers.authorization).not.toBe(refused);
    },
  );

  it('transforms the body and the answer once, and runs interceptors once', async () => {
    const shop = await openRevoked();
    const { axiosRef } = shop.http;
    const ran: string[] = [];
    axiosRef.interceptors.request.use((config) => {
      ran.push('request');
      return config;
    });
    axiosRef.interceptors.response.use((response) => {
      ran.push('response');
      return response;
    });
    await axiosRef.post('/echo', undefined, {
      transformRequest: () => {
        ran.push('transformRequest');
        return 'x';
      },
      transformResponse: (data: unknown) => {
        ran.push('transformResponse');
        return data;
      },
    });
    expect(ran).toEqual([
      'request',
      'transformRequest',
      'transformResponse',
      'response',
    ]);
    expect(shop.portone.calls.api).toBe(2);
  });

  it.each<[string, () => unknown]>([
    ['a Readable', () => Readable.from(['once'])],
    ['an object of the form-data package', () => formDataLike()],
  ])('does not send %s again, says so, and renews', async (_, body) => {
    const { http, portone, tokens } = await openRevoked();
    const revoked = tokens.peekAccessToken();
    await expect(http.axiosRef.post('/echo', body())).rejects.toMatchObject({
      response: { status: 401 },
      portoneAuth: { replayed: false, replayable: false },
    });
    await until(() => tokens.peekAccessToken() !== revoked);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls.tokens).toBe(1);
    expect(portone.calls.api).toBe(2);
  });

  it.each<[string, () => unknown]>([
    [
      'an async iterator',
      async function* () {
        yield await Promise.resolve('once');
      },
    ],
    ['a web stream', () => new Blob(['once']).stream()],
  ])('does not hand %s to an adapter twice', async (_, body) => {
    const { http, portone } = await openShop();
    portone.resetCalls();
    const adapter = capture(() => 401);
    const { status } = await http.axiosRef.post('/echo', body(), {
      adapter,
      transformRequest: (data: unknown) => data,
    });
    expect(status).toBe(401);
    expect(adapter.tokens).toHaveLength(1);
    await until(() => portone.calls.tokens === 1);
  });

  it('{ retry: false } is not replayed; the token is renewed all the same', async () => {
    const { http, portone } = await openRevoked();
    await expect(
      http.axiosRef.get(payment, { portoneAuth: { retry: false } }),
    ).rejects.toMatchObject({
      response: { status: 401 },
      portoneAuth: { replayed: false, replayable: true },
    });
    await until(() => portone.calls.tokens === 1);
    expect(portone.calls.api).toBe(1);
  });

  it('a 401 that validateStatus accepts is replayed as well', async () => {
    const { http, portone } = await openRevoked();
    const validateStatus = () => true;
    const { status } = await http.axiosRef.get(payment, { validateStatus });
    expect(status).toBe(200);
    portone.fail('api', { kind: 'status', status: 401 });
    const refused = await http.axiosRef.get(payment, { validateStatus });
    expect(refused.status).toBe(401);
  });

  it.each([
    ['resolves', () => true],
    ['rejects', undefined],
  ])(
    'a streamed 401 that %s is read to its end and frees its connection',
    async (_, validateStatus) => {
      const httpAgent = new Agent({ keepAlive: true });
      const { http, portone } = await openShop({
        options: { http: { httpAgent } },
      });
      // More than any buffer on the way takes up by itself.
      const body = { message: 'x'.repeat(4 << 20) };
      portone.fail('api', { kind: 'status', status: 401, body }, { times: 1 });
      const { data } = await http.axiosRef.get<Readable>(payment, {
        responseType: 'stream',
        ...(validateStatus && { validateStatus }),
      });
      expect(JSON.parse(await text(data))).toMatchObject({ id: 'payment-1' });
      await until(() => Object.keys(httpAgent.sockets).length === 0);
      httpAgent.destroy();
    },
  );

  it('403 renews nothing', async () => {
    const { http, portone } = await openShop();
    portone.resetCalls();
    portone.fail('api', { kind: 'status', status: 403 });
    await expect(http.axiosRef.get(payment)).rejects.toMatchObject({
      response: { status: 403 },
      portoneAuth: { replayed: false, replayable: true },
    });
    expect(portone.calls.tokens).toBe(0);
    expect(portone.calls.api).toBe(1);
  });

  it('a config sent again, as retry libraries do, carries the current token', async () => {
    const { http, portone } = await openShop();
    const { axiosRef } = http;
    // What axios-retry does, in short.
    axiosRef.interceptors.response.use(undefined, (error: unknown) => {
      const { config, response } = error as {
        config: Parameters<typeof axiosRef.request>[0];
        response?: { status: number };
      };
      if (response?.status !== 503) throw error;
      return axiosRef.request(config);
    });
    portone.fail('api', { kind: 'status', status: 503 }, { times: 3 });
    portone.resetCalls();
    const first = await axiosRef.post('/echo', { amount: 1 });
    portone.revokeAccessTokens();
    const second = await axiosRef.request(first.config);
    expect([first.status, second.status]).toEqual([200, 200]);
    const calls = portone.calls.requests.filter((c) => c.endpoint === 'api');
    expect(calls.map(({ status }) => status)).toEqual([
      503, 503, 503, 200, 401, 200,
    ]);
    expect(new Set(calls.map(({ body }) => body))).toEqual(
      new Set(['{"amount":1}']),
    );
    expect(portone.calls.tokens).toBe(1);
  });

  it('while the token endpoint is down, a spurious 401 costs only its own call', async () => {
    const { portone, http } = await openShop();
    portone.fail('tokens', { kind: 'status', status: 503 });
    portone.fail('api', { kind: 'status', status: 401 }, { times: 1 });
    await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });
});

/** Body and type, without the boundary that each sending of a form makes anew. */
function partsOf({ body, headers }: RecordedCall): object {
  const type = headers['content-type'];
  const [, boundary] = /boundary=(.+)$/.exec(type ?? '') ?? [];
  return boundary
    ? { body: body.replaceAll(boundary, ''), type: type?.replace(boundary, '') }
    : { body, type };
}

/** What axios takes for a form of the `form-data` package: a stream with `getHeaders`. */
function formDataLike(): Readable {
  const boundary = 'x'.repeat(24);
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${boundary}--\r\n`;
  return Object.assign(Readable.from([part]), {
    append: () => undefined,
    getHeaders: () => ({
      'content-type': `multipart/form-data; boundary=${boundary}`,
    }),
    [Symbol.toStringTag]: 'FormData',
  });
}
