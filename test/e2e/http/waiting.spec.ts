import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosError, type AxiosRequestConfig } from 'axios';
import { holdRenewal, WAITS, type End } from '../../support/held-renewal.js';
import { closeShops, type Shop } from '../../support/shop.js';
import { turn, until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

describe.each(WAITS)('A request that waits %s', (when) => {
  let shop: Shop;
  let release: () => void;
  /** Sends a request, and resolves when it is waiting. */
  let send: (config?: AxiosRequestConfig) => Promise<End<AxiosError>>;

  beforeEach(async () => {
    const held = await holdRenewal(when);
    ({ shop, release } = held);
    send = (config) =>
      held.waiting(() => shop.http.axiosRef.get(payment, config));
  });

  afterEach(async () => {
    release();
    await closeShops();
  });

  it('ends at once when its signal aborts; another request waits on', async () => {
    const controller = new AbortController();
    const other = await send();
    const end = await send({ signal: controller.signal });
    controller.abort();
    await until(() => end.error !== undefined);
    expect(axios.isCancel(end.error)).toBe(true);
    expect(end.error!.config!.url).toBe(payment);
    expect(end.error!.portoneAuth).toEqual({
      replayed: false,
      replayable: true,
    });
    expect(other).toEqual({});
    release();
    await until(() => other.status === 200);
  });

  it('ends at once with the reason of its cancelToken', async () => {
    const { token, cancel } = axios.CancelToken.source();
    const other = await send();
    const end = await send({ cancelToken: token });
    cancel('no longer wanted');
    await until(() => end.error !== undefined);
    expect(end.error).toBe(token.reason);
    expect(end.error!.message).toBe('no longer wanted');
    expect(other).toEqual({});
    release();
    await until(() => other.status === 200);
  });

  it('ends without an API call when its subscriber unsubscribes', async () => {
    const other = await send();
    const calls = shop.portone.calls;
    const before = calls.api;
    const subscription = shop.http.get(payment).subscribe();
    await until(() => calls.api > before || when.includes('first'));
    subscription.unsubscribe();
    await turn();
    const sent = calls.api;
    release();
    await until(() => other.status === 200);
    await turn();
    // The other request makes the only further call.
    expect(calls.api).toBe(sent + 1);
  });

  it('ends at its own timeout; another request waits on', async () => {
    const other = await send();
    const end = await send({ timeout: 5_000 });
    await shop.time.advance(4_999);
    expect(end).toEqual({});
    await shop.time.advance(1);
    await until(() => end.error !== undefined);
    expect(end.error).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 5000ms exceeded while waiting for an access token',
      portoneAuth: { replayed: false, replayable: true },
    });
    expect(end.error!.config!.url).toBe(payment);
    expect(other).toEqual({});
    release();
    await until(() => other.status === 200);
  });

  it('ends with the timeoutErrorMessage of the caller', async () => {
    const end = await send({
      timeout: 5_000,
      timeoutErrorMessage: 'PortOne is late',
      transitional: { clarifyTimeoutError: true },
    });
    await shop.time.advance(5_000);
    await until(() => end.error !== undefined);
    expect(end.error).toMatchObject({
      code: 'ETIMEDOUT',
      message: 'PortOne is late',
    });
  });

  it('waits without a limit when its timeout is 0', async () => {
    const end = await send({ timeout: 0 });
    await shop.time.advance(5_000);
    await turn();
    expect(end).toEqual({});
    release();
    await until(() => end.status === 200);
  });

  it.each(['answered', 'aborted', 'timed out'])(
    'leaves no listener and no timer when it is %s',
    async (how) => {
      const controller = new AbortController();
      const source = axios.CancelToken.source();
      const { signal } = controller;
      const end = await send({
        signal,
        cancelToken: source.token,
        timeout: 5_000,
      });
      expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
      if (how === 'answered') release();
      if (how === 'aborted') source.cancel();
      if (how === 'timed out') await shop.time.advance(5_000);
      await until(() => end.status === 200 || end.error !== undefined);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      expect(
        (source.token as { _listeners?: unknown[] | null })._listeners ?? [],
      ).toEqual([]);
      release();
      await until(() => shop.tokens.snapshot().renewsInMs !== undefined);
      // Only the schedule's timer is left.
      expect(shop.time.nextDueIn).toBeGreaterThan(1_000);
    },
  );

  it('is not sent after it was aborted', async () => {
    const controller = new AbortController();
    const end = await send({ signal: controller.signal });
    const before = shop.portone.calls.api;
    controller.abort();
    await until(() => end.error !== undefined);
    release();
    await until(() => shop.tokens.peekAccessToken() !== undefined);
    await turn();
    expect(shop.portone.calls.api).toBe(before);
  });
});
