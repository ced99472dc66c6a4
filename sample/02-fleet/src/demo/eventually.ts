import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 5;

/** Waits until a condition holds. Throws after `capMs`, 20 s by default. */
export async function eventually(
  condition: () => boolean,
  capMs = 20_000,
): Promise<void> {
  const giveUpAt = performance.now() + capMs;
  while (!condition()) {
    if (performance.now() > giveUpAt)
      throw new Error(`not within ${capMs / 1000} s: ${condition}`);
    await wait(POLL_MS);
  }
}
