import { setTimeout as wait } from 'node:timers/promises';
import type { FleetApp } from './fleet-apps.js';

const EVERY_MS = 10;

/** Calls PortOne through every app, again and again, until `work` has ended. Gives the errors of the failed calls. */
export async function failuresDuring(
  apps: readonly FleetApp[],
  work: () => Promise<unknown>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  let calls = 0;
  let hasEnded = false;
  const keepCalling = async ({ http }: FleetApp) => {
    while (!hasEnded) {
      calls += 1;
      await http.axiosRef
        .get('/payments/payment-1')
        .catch((error: unknown) => failures.push(error));
      await wait(EVERY_MS);
    }
  };
  const calling = apps.map(keepCalling);
  await work().finally(() => (hasEnded = true));
  await Promise.all(calling);
  if (calls < apps.length) failures.push('no app called');
  return failures;
}
