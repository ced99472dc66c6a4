import { afterEach, describe, expect, it } from '@jest/globals';
import type { AxiosAdapter } from 'axios';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { capture } from './capture.js';

const payment = '/payments/payment-1';

describe('The timeout of a request limits the whole call:', () => {
  afterEach(closeShops);

  /** A shop whose first attempt takes 600 ms and is refused. Records the timeouts that the adapter gets. */
  async function openSlow() {
    const shop = await openShop();
    const answers = capture((attempt) => (attempt === 1 ? 401 : 200));
    const timeouts: unknown[] = [];
    const adapter: AxiosAdapter = async (config) => {
      timeouts.push(config.timeout);
      if (timeouts.length === 1) await shop.time.advance(600);
      return answers(config);
    };
    return { ...shop, adapter, timeouts };
  }

  it('a replay gets the time that is left', async () => {
    const { http, adapter, timeouts } = await openSlow();
    const { config } = await http.axiosRef.get(payment, {
      adapter,
      timeout: 1_000,
    });
    expect(timeouts).toEqual([1_000, 400]);
    expect(config.timeout).toBe(1_000);
  });

  it('the wait for a token gets the time that is left', async () => {
    const { http, adapter, timeouts, time, portone } = await openSlow();
    portone.fail('tokens', { kind: 'hang' });
    portone.resetCalls();
    let end: unknown;
    http.axiosRef
      .get(payment, { adapter, timeout: 1_000 })
      .catch((error: unknown) => (end = error));
    await until(() => portone.calls.tokens === 1);
    await time.advance(399);
    expect(end).toBeUndefined();
    await time.advance(1);
    await until(() => end !== undefined);
    expect(end).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 1000ms exceeded while waiting for an access token',
    });
    expect(timeouts).toEqual([1_000]);
  });

  it('a replay is not sent when no time is left', async () => {
    const { http, time } = await openShop();
    const answers = capture(() => 401);
    const adapter: AxiosAdapter = async (config) => {
      await time.advance(1_000);
      return answers(config);
    };
    await expect(
      http.axiosRef.get(payment, { adapter, timeout: 1_000 }),
    ).rejects.toMatchObject({ code: 'ECONNABORTED' });
    expect(answers.tokens).toHaveLength(1);
  });
});
