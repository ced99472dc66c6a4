/**
 * `npm run soak -- --seconds 180 --seed 1 --processes 3`: tokens of 2 s under steady traffic and random faults, in one process or
 * in several that share a token through a Redis started here. Exits with 1 after an avoidable failed call, an unhandled rejection,
 * or growth of the heap or of handles. Calls 127.0.0.1 only.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { playFaults } from './soak/faults.mjs';
import { startRedis } from './soak/redis.mjs';
import { startEmulator } from './support/remote-emulator.mjs';
import { printTable } from './support/table.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    processes: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
const processes = Number(values.processes);
console.log(`Soak of ${seconds} s, ${processes} process(es), seed ${seed}`);

const portone = await startEmulator({ accessTokenLifetime: 2 });
const { url, apiSecret } = portone;
const redis = processes > 1 ? await startRedis() : undefined;
const redisPort = redis?.port;
const task = { url, apiSecret, seconds, processes, redisPort };
const workers = Array.from({ length: processes }, () => startWorker(task));
// Faults begin after the boot of all processes, because the soak does not test faults during the boot.
await Promise.all(workers.map(({ ready }) => ready));
const faults = await playFaults(portone, { seconds, seed });
const reports = await Promise.all(workers.map(({ report }) => report));
const counts = await portone.tell('counts');
await portone.stop();
redis?.stop();

const causes = sumOf(reports.map(({ failures }) => failures));
const avoidable = sumOf([
  Object.fromEntries(
    Object.entries(causes)
      .map(([cause, n]) => [cause, n - (faults.excused[cause] ?? 0)])
      .filter(([, n]) => n > 0),
  ),
]);
const problems = [
  ...Object.entries(avoidable).map(
    ([cause, n]) => `${n} avoidable failures: ${cause}`,
  ),
  ...reports.flatMap((report) => report.problems),
];

printTable('Faults played', [faults.played]);
printTable(
  'Calls',
  reports.map(({ requests, during, away, stalls }, i) => ({
    worker: i + 1,
    requests,
    'p50 / p99 ms in a renewal': during,
    'p50 / p99 ms away from one': away,
    'p99 / max ms the process stalled': stalls,
  })),
);
printTable('Calls to PortOne', [{ from: 'all workers', ...counts }]);
printTable(
  'Failed calls by cause',
  Object.keys(causes).length === 0
    ? [{ cause: 'none', calls: 0 }]
    : Object.entries(causes).map(([cause, calls]) => ({
        cause,
        calls,
        unavoidable: faults.excused[cause] ?? 0,
      })),
);
printTable(
  'Growth, at rest and after a full collection',
  reports.map(({ growth }, i) => ({ worker: i + 1, ...growth })),
);
console.log(
  problems.length === 0 ? '\nSoak passed.' : `\n${problems.join('\n')}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Forks a worker. `ready` resolves when it has booted, `report` when it ends. A worker that takes too long is killed. */
function startWorker(task) {
  const child = fork(
    new URL('soak/worker.mjs', import.meta.url),
    [JSON.stringify(task)],
    { execArgv: ['--expose-gc'] },
  );
  const overdue = setTimeout(
    () => child.kill('SIGKILL'),
    (task.seconds + 60) * 1000,
  );
  const messages = [];
  child.on('message', (message) => messages.push(message));
  const report = once(child, 'exit').then(([code]) => {
    clearTimeout(overdue);
    const last = messages.at(-1);
    if (last?.requests) return last;
    throw new Error(`a worker ended with ${code} and no report`);
  });
  return { ready: Promise.race([once(child, 'message'), report]), report };
}

function sumOf(records) {
  const sum = {};
  for (const record of records) {
    for (const [key, n] of Object.entries(record))
      sum[key] = (sum[key] ?? 0) + n;
  }
  return sum;
}
