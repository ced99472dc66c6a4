/**
 * Compares the latency of calls during a renewal with that of other calls. The token endpoint takes 200 ms. Tokens live 6 s and are
 * renewed about every 700 ms where a client allows that, so that both kinds of calls have the same noise of the machine. A call
 * starts every 5 ms, also while earlier ones wait, and is timed from when it should have started. The ratio is the median of the
 * fifths of the run, because one busy moment of the machine would decide the p99 of the whole run.
 */
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { openBadgateway } from './peers/badgateway.mjs';
import { openGoogleAuthLibrary } from './peers/google-auth-library.mjs';
import { openOurClient } from './peers/ours.mjs';
import { openStaticHeader } from './peers/static-header.mjs';
import { startEmulator } from './support/remote-emulator.mjs';
import { median, quantile, range } from './support/stats.mjs';
import { printTable } from './support/table.mjs';

const SECONDS = 150;
const INTERVAL_MS = 5;
const TOKEN_CALL_MS = 200;
const PATH = '/payments/payment-1';

async function measure(open) {
  const portone = await startEmulator({ accessTokenLifetime: 6 });
  const httpAgent = new Agent({ keepAlive: true });
  const client = await open(portone, httpAgent);
  for (let i = 0; i < 500; i++) await client.call(PATH);
  await portone.tell('delay', 'tokens', TOKEN_CALL_MS);

  const fifths = Array.from({ length: 5 }, () => ({ during: [], away: [] }));
  let failed = 0;
  let seenRenewingAt = -Infinity;
  const look = () => {
    if (client.isRenewing()) seenRenewingAt = performance.now();
  };
  const call = async (due) => {
    try {
      await client.call(PATH);
    } catch {
      failed += 1;
    }
    look();
    const fifth = Math.floor((5 * (due - startedAt)) / (SECONDS * 1000));
    const kind = seenRenewingAt >= due ? 'during' : 'away';
    fifths[Math.min(fifth, 4)][kind].push(performance.now() - due);
  };
  const started = [];
  const startedAt = performance.now();
  for (let due = startedAt; due < startedAt + SECONDS * 1000;) {
    for (; due <= performance.now(); due += INTERVAL_MS)
      started.push(call(due));
    look();
    await wait(1);
  }
  await Promise.all(started);
  await client.close();
  httpAgent.destroy();
  await portone.stop();
  const all = (kind) => fifths.flatMap((fifth) => fifth[kind]);
  const row = (samples) =>
    [0.5, 0.99, 0.999].map((q) => quantile(samples, q).toFixed(1)).join(' / ');
  const ratios = fifths.map(
    ({ during, away }) => quantile(during, 0.99) / quantile(away, 0.99),
  );
  return {
    '': client.name,
    'calls during': all('during').length,
    'p50 / p99 / p99.9 ms during': row(all('during')),
    'p50 / p99 / p99.9 ms away': row(all('away')),
    'p50 x': (median(all('during')) / median(all('away'))).toFixed(2),
    'p99 x': median(ratios).toFixed(2),
    'its fifths of the run': range(ratios),
    failed,
  };
}

const rows = [];
for (const open of [
  openStaticHeader,
  (portone, agent) =>
    openOurClient(portone, agent, { renewal: { at: 0.1, jitter: 0 } }),
  // This client cannot renew early: it renews when the token has expired.
  openBadgateway,
  (portone, agent) =>
    openGoogleAuthLibrary(portone, agent, {
      eagerRefreshThresholdMillis: 5_500,
    }),
]) {
  rows.push(await measure(open));
}
printTable(`Tail, ${1000 / INTERVAL_MS} calls a second for ${SECONDS} s`, rows);
