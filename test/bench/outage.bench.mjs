/**
 * The token endpoint answers 503 for the last fifth of a 30 min token, while calls come once a second. Time runs 20
 * times as fast. A call made while the old token still counts can always be answered; one made after it cannot.
 */
import { Agent } from 'node:http';
import { setTimeout as realTime } from 'node:timers/promises';
import { epoch, speedUpTime } from './support/fast-time.mjs';
import { startEmulator } from './support/remote-emulator.mjs';
import { printTable } from './support/table.mjs';

const TIME_SCALE = 20;
const LIFETIME_S = 1800;
const SECOND = 1000 / TIME_SCALE;
const PATH = '/payments/payment-1';

speedUpTime(TIME_SCALE);
// What is imported from here on sees fast clocks only.
const { clients } = await import('./peers/index.mjs');
// Some peers write to the console whenever a renewal fails.
console.warn = console.error = () => undefined;

async function watch(open) {
  const portone = await startEmulator({
    accessTokenLifetime: LIFETIME_S,
    timeScale: TIME_SCALE,
    epoch,
  });
  const httpAgent = new Agent({ keepAlive: true });
  const client = await open(portone, httpAgent);
  await client.call(PATH);
  const startedAt = Date.now();
  const ageInS = () => (Date.now() - startedAt) / 1000;
  const calls = [];
  const call = (at) =>
    client.call(PATH).then(
      () => calls.push({ at, ok: true }),
      () => calls.push({ at, ok: false }),
    );
  const callEverySecondUntil = async (end) => {
    while (ageInS() < end) {
      call(ageInS());
      await realTime(SECOND);
    }
  };

  // Ten seconds early: nobody's renewal at exactly four fifths may slip through.
  await callEverySecondUntil(LIFETIME_S * 0.8 - 10);
  const before = await portone.tell('counts');
  await portone.tell('fail', 'tokens', { kind: 'status', status: 503 });
  await callEverySecondUntil(LIFETIME_S);
  const during = await portone.tell('counts');
  await portone.tell('heal');
  const healedAt = ageInS();
  await callEverySecondUntil(LIFETIME_S + 120);

  const failed = calls.filter(({ ok }) => !ok);
  const back = calls.find(({ at, ok }) => ok && at >= healedAt);
  const row = {
    '': client.name,
    'token calls in the outage': during.tokens - before.tokens,
    // The emulator cuts iat to whole seconds: its token may count for up to a second less than it says.
    'failed while the token counts': failed.filter(
      ({ at }) => at < LIFETIME_S - 1,
    ).length,
    'of these before its last 6 s': failed.filter(
      ({ at }) => at < LIFETIME_S - 6,
    ).length,
    'failed after it': failed.filter(({ at }) => at >= LIFETIME_S - 1).length,
    'answered again after s': back ? (back.at - healedAt).toFixed(0) : 'never',
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
