import { afterEach, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { apiCallsOf, openRevokedShop } from '../../support/revoked-shop.js';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { capture } from './capture.js';

describe('The body of a refused request', () => {
  afterEach(closeShops);

  it('is sent again as the same bytes and type when it is JSON', async () => {
    const shop = await openRevokedShop();
    const { status } = await shop.http.axiosRef.post('/echo', {
      amount: 1,
      note: '환불',
    });
    expect(status).toBe(200);
    const sent = apiCallsOf(shop).map(({ body, headers }) => [
      body,
      headers['content-type'],
    ]);
    const once = ['{"amount":1,"note":"환불"}', 'application/json'];
    expect(sent).toEqual([once, once]);
  });

  it.each<[string, () => unknown]>([
    ['a Readable', () => Readable.from(['once'])],
    ['an object of the form-data package', () => formDataLike()],
  ])(
    'is not sent again when it is %s; the error says so, and the token is renewed',
    async (_, body) => {
      const { http, portone, tokens } = await openRevokedShop();
      const revoked = tokens.peekAccessToken();
      await expect(http.axiosRef.post('/echo', body())).rejects.toMatchObject({
        response: { status: 401 },
        portoneAuth: { replayed: false, replayable: false },
      });
      await until(() => tokens.peekAccessToken() !== revoked);
      expect((await http.axiosRef.get('/payments/payment-1')).status).toBe(200);
      expect(portone.calls.tokens).toBe(1);
      expect(portone.calls.api).toBe(2);
    },
  );

  it.each<[string, () => unknown]>([
    [
      'an async iterator',
      async function* () {
        yield await Promise.resolve('once');
      },
    ],
    ['a web stream', () => new Blob(['once']).stream()],
  ])('is not given to an adapter twice when it is %s', async (_, body) => {
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

/** A stream with `getHeaders`, which axios treats as a form of the `form-data` package. */
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
