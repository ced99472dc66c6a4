import { afterEach, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import type { RecordedCall } from '../../../lib/testing/index.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { capture } from './capture.js';

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

describe('The body of a refused request', () => {
  afterEach(closeShops);

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
    ['null', () => null],
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
    expect((await http.axiosRef.get('/payments/payment-1')).status).toBe(200);
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
