import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { path, type PathValue } from '../../../lib/index.js';
import { closeWitnesses, openWitness } from '../../e2e/http/witness.js';
import { closeShops, openShop } from '../../support/shop.js';

describe('path`…`', () => {
  afterEach(async () => {
    await closeShops();
    closeWitnesses();
  });

  it.each([
    ['payment-1', '/payments/payment-1/cancel'],
    ['..%2F..%2Fstores', '/payments/..%252F..%252Fstores/cancel'],
    ['../../stores', '/payments/..%2F..%2Fstores/cancel'],
    ['a?b=c#d', '/payments/a%3Fb%3Dc%23d/cancel'],
    ['a\\b', '/payments/a%5Cb/cancel'],
    ['%2e%2e', '/payments/%252e%252e/cancel'],
    ['결제 1', `/payments/${encodeURIComponent('결제 1')}/cancel`],
    ['...', '/payments/.../cancel'],
    [5, '/payments/5/cancel'],
    [5n, '/payments/5/cancel'],
  ])('keeps %p one segment', (id, expected) => {
    expect(path`/payments/${id}/cancel`).toBe(expected);
  });

  it.each([
    '.',
    '..',
    '',
    '\ud800',
    undefined,
    null,
    NaN,
    Infinity,
    {},
    [],
    true,
  ] as PathValue[])('throws for %p', (id) => {
    expect(() => path`/payments/${id}/cancel`).toThrow(URIError);
    expect(() => path`/payments/${id}`).toThrow('path`/payments/${…}`: ');
  });

  it('throws for dots that form a segment together', () => {
    const dot = '.';
    expect(() => path`/payments/${dot}${dot}/x`).toThrow(URIError);
    expect(() => path`/payments/.${dot}`).toThrow(URIError);
    expect(() => path`/payments/%2e${dot}/x`).toThrow(URIError);
    expect(path`/files/${dot}json`).toBe('/files/.json');
  });

  it('throws for a path that does not begin with exactly one slash', () => {
    const host = 'evil.test';
    expect(() => path`//${host}/x`).toThrow(URIError);
    expect(() => path`/\\${host}/x`).toThrow(URIError);
    expect(() => path`${host}/x`).toThrow(URIError);
    expect(() => path`https://${host}/x`).toThrow(URIError);
  });

  it('encodes values of a query, which may be empty or dots', () => {
    expect(path`/payments?filter=${'a&b=c'}&cursor=${''}&dir=${'..'}`).toBe(
      '/payments?filter=a%26b%3Dc&cursor=&dir=..',
    );
  });

  it('shows no value in its message', () => {
    expect(() => path`/payments/${'canary'}/${'..'}`).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('canary'),
      }),
    );
  });

  it('keeps its segments for every URL parser and any values', () => {
    const piece = fc.constantFrom('.', '..', '/', '\\', '%2e', '%2F', '?', '#');
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(piece, fc.string({ maxLength: 2 })))
        .map((a) => a.join('')),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        let built: string;
        try {
          built = path`/payments/${a}/cancellations/${b}`;
        } catch (error) {
          expect(error).toBeInstanceOf(URIError);
          return;
        }
        const { pathname, search, hash, host } = new URL(
          built,
          'https://a.test',
        );
        expect([pathname, search, hash, host]).toEqual([
          built,
          '',
          '',
          'a.test',
        ]);
        const [, payments, first, cancellations, second, ...more] =
          pathname.split('/');
        expect([payments, cancellations, more]).toEqual([
          'payments',
          'cancellations',
          [],
        ]);
        expect(decodeURIComponent(first!)).toBe(a);
        expect(decodeURIComponent(second!)).toBe(b);
      }),
    );
  });

  it('is sent unchanged, relative to a baseURL', async () => {
    const api = await openWitness();
    const { http, portone } = await openShop();
    const id = '../stores?x=1';
    await http.axiosRef.get(path`/payments/${id}`, { baseURL: api.url });
    expect(api.seen[0]?.path).toBe('/payments/..%2Fstores%3Fx%3D1');
    await expect(
      http.axiosRef.get(path`/payments/${id}`),
    ).rejects.toMatchObject({ response: { status: 404 } });
    expect(portone.calls.api).toBe(1);
  });
});
