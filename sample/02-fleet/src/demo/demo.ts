import { PortOneEmulator } from 'nestjs-portone-auth/testing';
import { RedisServer } from '../../../shared/redis-server.js';
import { Report } from '../../../shared/report.js';
import { eventually } from './eventually.js';
import { Fleet } from './fleet.js';
import { PACE } from './pace.js';
import { Traffic } from './traffic.js';

const SIZE = 5;
const CYCLES = 3;
const REQUEST_EVERY_MS = 15;

const redis = await RedisServer.start().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
// Redis and the instances end with this process, also after a signal.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(130));

const report = new Report();
const { accessTokenLifetime } = PACE;
const portone = await PortOneEmulator.start({ accessTokenLifetime });
const { calls } = portone;
const fleet = await Fleet.start(SIZE, { portone, redis });
const traffic = new Traffic(fleet, REQUEST_EVERY_MS);

await report.step(
  `${SIZE} processes that start at once share one login`,
  { logins: 1, acquired: 1, adopted: SIZE - 1 },
  async () => {
    const first = fleet.instances.map(({ tokenEvents }) => tokenEvents[0]);
    return {
      logins: calls.login,
      acquired: first.filter((what) => what === 'acquired').length,
      adopted: first.filter((what) => what === 'adopted').length,
    };
  },
);

await fleet.renewals(1);
await report.step(
  `${CYCLES} renewals of the whole fleet under steady traffic: one token call each, by refresh`,
  { refreshes: CYCLES, logins: 0, refused: 0, failed: 0 },
  async () => {
    portone.resetCalls();
    await fleet.renewals(CYCLES);
    return {
      refreshes: calls.refresh,
      logins: calls.login,
      refused: calls.unauthorized,
      failed: traffic.failed,
    };
  },
);

await report.step(
  'The owner of the lock is killed (kill -9) during its token call: another process takes over, and no request fails',
  { tokenCalls: 2, renewed: SIZE - 1, failed: 0 },
  async () => {
    portone.resetCalls();
    portone.fail('tokens', { kind: 'hang' }, { times: 1 });
    const owner = await fleet.owner();
    await eventually(() => calls.tokens === 1);
    await owner.kill();
    await fleet.renewals(1);
    return {
      tokenCalls: calls.tokens,
      renewed: fleet.serving.length,
      failed: traffic.failed,
    };
  },
);

await report.step(
  'A process that starts later adopts the token of the others',
  { first: 'adopted', instances: SIZE, failed: 0 },
  async () => {
    const { tokenEvents } = await fleet.add();
    return {
      first: tokenEvents[0] ?? 'none',
      instances: fleet.serving.length,
      failed: traffic.failed,
    };
  },
);

await report.step(
  'Redis is killed (kill -9): every process logs it once and renews alone; after the restart they share a token again',
  { lost: SIZE, back: SIZE, failed: 0 },
  async () => {
    await redis.kill();
    await eventually(() => fleet.logged('cannot be reached') === SIZE);
    const lost = fleet.logged('cannot be reached');
    await redis.restart();
    await eventually(() => fleet.logged('can be reached again') === SIZE);
    return {
      lost,
      back: fleet.logged('can be reached again'),
      failed: traffic.failed,
    };
  },
);

await fleet.renewals(1);
let withStore = NaN;
await report.step(
  `${CYCLES} more renewals, shared again`,
  { tokenCalls: CYCLES, refused: 0, failed: 0 },
  async () => {
    portone.resetCalls();
    await fleet.renewals(CYCLES);
    withStore = calls.tokens / CYCLES;
    return {
      tokenCalls: calls.tokens,
      refused: calls.unauthorized,
      failed: traffic.failed,
    };
  },
);
await traffic.stop();
await fleet.stop();

const alone = await Fleet.start(SIZE, { portone, redis, isShared: false });
await report.step(
  'The same fleet without a store: every process renews alone, and so revokes the refresh token of the others',
  { tokenCallsPerRenewal: `${SIZE} or more` },
  async () => {
    portone.resetCalls();
    await alone.renewals(CYCLES);
    const perRenewal = calls.tokens / CYCLES;
    console.log(
      `Token calls per renewal of the fleet: ${withStore.toFixed(1)} with the store, ${perRenewal.toFixed(1)} without\n`,
    );
    return {
      tokenCallsPerRenewal:
        perRenewal >= SIZE ? `${SIZE} or more` : String(perRenewal),
    };
  },
);
await alone.stop();
await portone.stop();
await redis.stop();

console.log(`${traffic.answered} requests answered, ${traffic.failed} failed`);
process.exitCode = report.finish() && traffic.failed === 0 ? 0 : 1;
