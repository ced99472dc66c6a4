import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  holdRenewal,
  WAITS,
  watch,
  type End,
} from '../../support/held-renewal.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { turn, until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

describe.each(WAITS)('A fetch that waits %s', (when) => {
  let shop: Shop;
  let release: () => void;
  /** Sends a request, and resolves when it is waiting. */
  let send: (init?: RequestInit) => Promise<End>;

  beforeEach(async () => {
    const held = await holdRenewal(when, { http: { timeout: 5_000 } });
    ({ shop, release } = held);
    send = (init) => held.waiting(() => shop.fetch(payment, init));
  });

  afterEach(async () => {
    release();
    await closeShops();
  });

  it('ends at once with the reason of its signal; another call waits on', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const other = await send();
    const end = await send({ signal: controller.signal });
    controller.abort(reason);
    await until(() => end.error !== undefined);
    expect(end.error).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(other).toEqual({});
    release();
    await until(() => other.status === 200);
  });

  it('ends at the timeout of the client, and is not sent afterwards', async () => {
    const end = await send();
    const before = shop.portone.calls.api;
    await shop.time.advance(4_999);
    expect(end).toEqual({});
    await shop.time.advance(1);
    await until(() => end.error !== undefined);
    expect(end.error).toMatchObject({ name: 'TimeoutError' });
    release();
    await until(() => shop.tokens.peekAccessToken() !== undefined);
    await turn();
    expect(shop.portone.calls.api).toBe(before);
  });

  it('has no timeout when it has its own signal', async () => {
    const end = await send({ signal: new AbortController().signal });
    await shop.time.advance(6_000);
    await turn();
    expect(end).toEqual({});
    release();
    await until(() => end.status === 200);
  });
});

describe('The timeout of the client', () => {
  afterEach(closeShops);

  it.each([
    ['a path', (url: string) => url],
    ['a Request', (url: string) => new Request(url)],
  ])('limits a call and the body of its answer, for %s', async (_, input) => {
    const { fetch, portone, time } = await openShop({
      options: { http: { timeout: 5_000 } },
    });
    const url = `${portone.url}${payment}`;
    portone.fail('api', { kind: 'hang' }, { times: 1 });
    const hanging = watch(fetch(input(url)));
    await until(() => portone.calls.api === 1);
    await time.advance(5_000);
    await until(() => hanging.error !== undefined);
    expect(hanging.error).toMatchObject({ name: 'TimeoutError' });
    portone.fail('api', { kind: 'slow-drip', intervalMs: 5 });
    const response = await fetch(input(url));
    const text = response.text().catch((error: unknown) => error);
    await time.advance(5_000);
    expect(await text).toMatchObject({ name: 'TimeoutError' });
  });

  it('does not replace the signal of a Request', async () => {
    const { fetch, portone } = await openShop();
    portone.fail('api', { kind: 'hang' });
    const controller = new AbortController();
    const { signal } = controller;
    const end = watch(fetch(new Request(`${portone.url}/x`, { signal })));
    await until(() => portone.calls.api === 1);
    controller.abort(new Error('enough'));
    await until(() => end.error !== undefined);
    expect(end.error).toMatchObject({ message: 'enough' });
  });

  it('leaves no timer after a failed call, or after an answer that is garbage-collected', async () => {
    const { fetch, portone, time } = await openShop({
      options: { http: { timeout: 5_000 }, renewal: { background: false } },
    });
    portone.fail('api', { kind: 'reset-before-answer' }, { times: 1 });
    await expect(fetch(payment)).rejects.toThrow('fetch failed');
    expect(time.nextDueIn).toBeUndefined();
    await expect(fetch(payment, { method: 'NO METHOD' })).rejects.toThrow(
      'NO METHOD',
    );
    expect(time.nextDueIn).toBeUndefined();
    await (await fetch(payment)).text();
    await until(() => {
      global.gc!();
      return time.nextDueIn === undefined;
    });
  });

  it('does not start when the signal is already aborted, and the secret is not read', async () => {
    let asked = 0;
    const { fetch, portone } = await openShop({
      emulator: { apiSecret: 'the-secret' },
      options: {
        eager: false,
        apiSecret: () => {
          asked += 1;
          return 'the-secret';
        },
      },
    });
    await expect(
      fetch(payment, { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
    await turn();
    expect([asked, portone.calls.requests]).toEqual([0, []]);
  });
});
