import { setTimeout as wait } from 'node:timers/promises';
import type { Shop } from './open-shop.js';

const EVERY_MS = 25;
const MAX_WAIT_MS = 20_000;

/** Requests a payment every 25 ms until `isEnough` is true. Returns how many answers were not 200. Throws after 20 s. */
export async function steadyTraffic(
  shop: Shop,
  isEnough: () => boolean,
): Promise<number> {
  const startedAt = performance.now();
  let failed = 0;
  while (!isEnough()) {
    if (performance.now() - startedAt > MAX_WAIT_MS) {
      throw new Error(`no end of the step within ${MAX_WAIT_MS / 1000} s`);
    }
    const response = await shop.call('/payments/payment-1');
    await response.arrayBuffer();
    if (response.status !== 200) failed += 1;
    await wait(EVERY_MS);
  }
  return failed;
}
