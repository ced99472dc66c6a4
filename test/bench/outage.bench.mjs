/**
 * The token endpoint answers 503 during the last fifth of a 30 min token, and recovers when the token expires. One call is made
 * each second. Time runs 20 times as fast. A perfect client fails no call.
 */
import { Agent } from 'node:http';
import { setTimeout as realTime } from 'node:timers/promises';
import { epoch, speedUpTime } from './support/fast-time.mjs';
import { startEmulator } from './support/remote-emulator.mjs';
import { printTable } from './support/table.mjs';

const TIME_SCALE = 20;
const LIFETIME_S = 1800;
const PATH = '/payments/payment-1';

speedUpTime(TIME_SCALE);
// Modules imported from here on see the fast clocks only.
const { clients } = await import('./peers/index.mjs');
// Some peers write to the console each time a renewal fails.
console.warn = console.error = () => undefined;

async function watch(open) {
  const portone = await startEmulator({
    accessTokenLifetime: LIFETIME_S,
    timeScale: TIME_SCALE,
    epoch,
  });
  await portone.tell('watchIssues');
  const httpAgent = new Agent({ keepAlive: true });
  const client = await open(portone, httpAgent);
  await client.call(PATH);
  const expiresAt =
    (await portone.tell('issuedAtS')) * 1000 + LIFETIME_S * 1000;
  const leftInS = () => (expiresAt - Date.now()) / 1000;
  const calls = [];
  const call = (left) =>
    client.call(PATH).then(
      () => calls.push({ left, ok: true }),
      () => calls.push({ left, ok: false }),
    );
  // Calls start on the half second, so that no call is in flight when the token expires.
  let next = Math.floor(leftInS()) - 0.5;
  const callEverySecondUntil = async (end) => {
    for (; next > end; next -= 1) {
      while (leftInS() > next) await realTime(1);
      call(next);
    }
    while (leftInS() > end) await realTime(1);
  };

  // The outage begins ten seconds early, so that a renewal at exactly four fifths fails too.
  await callEverySecondUntil(LIFETIME_S * 0.2 + 10);
  const before = await portone.tell('counts');
  await portone.tell('failTokensUntil', expiresAt);
  await callEverySecondUntil(-120);
  const during = await portone.tell('countsInOutage');
  const after = await portone.tell('counts');

  const failed = calls.filter(({ ok }) => !ok);
  const back = calls.find(({ left, ok }) => ok && left <= 0);
  const row = {
    '': client.name,
    'token calls in the outage': during.tokens - before.tokens,
    'token calls after it': after.tokens - during.tokens,
    'failed in the outage': failed.filter(({ left }) => left > 0).length,
    'failed after it': failed.filter(({ left }) => left <= 0).length,
    'answered again after s': back ? (-back.left).toFixed(1) : 'never',
  };
  await client.close();
  httpAgent.destroy();
  await portone.stop();
  return row;
}

printTable(
  `Outage, token endpoint down for the last fifth of ${LIFETIME_S} s, one call a second`,
  await Promise.all(clients.map(watch)),
);
