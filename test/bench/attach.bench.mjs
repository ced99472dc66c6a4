/** Time and allocated bytes of one request with a token, compared with the same axios and a static header. */
import { Agent } from 'node:http';
import { openSubjects } from './attach.subjects.mjs';
import { startEmulator } from './support/remote-emulator.mjs';
import { median, range } from './support/stats.mjs';
import { printTable } from './support/table.mjs';

// The fields of a ClientRequest that show where it went. Without them our module reads the URL from the config, which is slower.
const request = {
  method: 'GET',
  host: '127.0.0.1',
  path: '/payments/payment-1',
};
const noop = (config) =>
  Promise.resolve({
    data: '{"status":"PAID"}',
    status: 200,
    statusText: 'OK',
    headers: {},
    config,
    request,
  });

async function measure(title, portone, settings, { rounds, perRound }) {
  const { subjects, close } = await openSubjects(portone, settings);
  const us = await sample(subjects, rounds, (get) => usPerCall(get, perRound));
  const bytes = await sample(subjects, 20, bytesPerCall);
  await close();
  printTable(
    `${title}, ${rounds} interleaved rounds of ${perRound} requests`,
    subjects.map(({ name, baseline }) => {
      const base = us.get(baseline);
      const ratios = us.get(name).map((own, i) => own / base[i]);
      return {
        '': name,
        'us/request': median(us.get(name)).toFixed(2),
        'x static header': median(ratios).toFixed(3),
        'its fifths of the run': spread(ratios),
        'KiB/request': (median(bytes.get(name)) / 1024).toFixed(2),
      };
    }),
  );
}

/** One sample of each subject per round. A tenth of the rounds is added as a warm-up. */
async function sample(subjects, rounds, take) {
  const samples = new Map(subjects.map(({ name }) => [name, []]));
  const warmUp = Math.ceil(rounds / 10);
  for (let round = 0; round < warmUp + rounds; round++) {
    for (let i = 0; i < subjects.length; i++) {
      // Each round starts with another subject, so that no subject is always measured first.
      const { name, get } = subjects[(i + round) % subjects.length];
      const value = await take(get);
      if (round >= warmUp) samples.get(name).push(value);
    }
  }
  return samples;
}

/** The lowest and the highest median of the fifths of the run. It shows how reliable the median of the run is. */
function spread(ratios) {
  const size = Math.floor(ratios.length / 5);
  const medians = [0, 1, 2, 3, 4].map((i) =>
    median(ratios.slice(i * size, (i + 1) * size)),
  );
  return range(medians);
}

async function usPerCall(get, calls) {
  const startedAt = performance.now();
  for (let i = 0; i < calls; i++) await get();
  return ((performance.now() - startedAt) * 1000) / calls;
}

/** So few calls after a full garbage collection that no other one happens during them. */
async function bytesPerCall(get, calls = 20) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < calls; i++) await get();
  return (process.memoryUsage().heapUsed - before) / calls;
}

const portone = await startEmulator();
// The same answer for every subject, also for the call without a token.
const body = { status: 'PAID', amount: { total: 1000 } };
await portone.tell('fail', 'api', { kind: 'status', status: 200, body });
await measure(
  'Attach, no-op adapter',
  portone,
  { adapter: noop },
  { rounds: 1500, perRound: 40 },
);
const httpAgent = new Agent({ keepAlive: true });
await measure(
  'Attach, loopback HTTP with keep-alive',
  portone,
  { httpAgent },
  { rounds: 400, perRound: 15 },
);
httpAgent.destroy();
await portone.stop();
