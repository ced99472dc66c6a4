import { afterEach, describe, expect, it } from '@jest/globals';
import { idempotencyKey } from '../../../lib/index.js';
import { closeShops, openShop } from '../../support/shop.js';

describe('idempotencyKey', () => {
  afterEach(closeShops);

  it.each([
    ['a text', 'refund:order-1:1', '"refund:order-1:1"'],
    ['16 characters', 'k'.repeat(16), `"${'k'.repeat(16)}"`],
    ['256 characters', 'k'.repeat(256), `"${'k'.repeat(256)}"`],
    ['blanks at its ends', ` ${'k'.repeat(14)}~`, `" ${'k'.repeat(14)}~"`],
    [
      'quotes and a backslash',
      String.raw`say "refund" of a\b`,
      String.raw`"say \"refund\" of a\\b"`,
    ],
  ])('puts %s in quotes', (_, text, key) => {
    expect(idempotencyKey(text)).toBe(key);
    expect(idempotencyKey(text)).toBe(idempotencyKey(text));
  });

  it.each([
    [
      '15 characters',
      'k'.repeat(15),
      /16 to 256 .* has 15\. Describe the request in it/,
    ],
    ['nothing', '', /has 0/],
    ['257 characters', 'k'.repeat(257), /16 to 256 .* has 257\. .*digest/],
    ['another script', '환불'.repeat(10), /printable ASCII only.*digest/],
    ['an accent', 'é'.repeat(16), /ASCII/],
    ['a line break', `refund:order-1:1\r\nX-Evil: 1`, /ASCII/],
    ['a line break at its end', `refund:order-1:1\n`, /ASCII/],
    ['a tab', `refund:\torder-1:1`, /ASCII/],
    ['the character 127', `refund:order-1:1\x7f`, /ASCII/],
  ])(
    'throws for %s, with the reason but without the text',
    (_, text, message) => {
      const make = () => idempotencyKey(text);
      expect(make).toThrow(RangeError);
      expect(make).toThrow(message);
      if (text) expect(make).not.toThrow(text);
    },
  );

  it.each([undefined, null, 1234567890123456, {}])(
    'throws for %j, which is not a string',
    (text) => {
      expect(() => idempotencyKey(text as string)).toThrow(TypeError);
      expect(() => idempotencyKey(text as string)).toThrow('Idempotency-Key');
    },
  );

  it.each([
    'refund:order-1:1',
    'k'.repeat(256),
    String.raw`say "refund" of a\b`,
  ])('gives a key under which the API cancels once: %s', async (text) => {
    const { http, portone } = await openShop();
    const cancel = () =>
      http.axiosRef.post<{ cancellation: { id: string } }>(
        '/payments/payment-1/cancel',
        { reason: 'late', amount: 1_000 },
        { headers: { 'Idempotency-Key': idempotencyKey(text) } },
      );
    const [first, again] = [await cancel(), await cancel()];
    expect(again.data).toEqual(first.data);
    expect(portone.calls.api).toBe(2);
  });
});
