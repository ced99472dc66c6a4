/** Token calls of a fleet with and without a store in Redis, its cold start, and the commands that Redis runs. */
import { createClient } from 'redis';
import { RedisTokenStore } from '../../dist/redis/index.js';
import '../support/fleet-typescript.mjs';
import { openOurs } from './support/open-ours.mjs';
import { startEmulator } from './support/remote-emulator.mjs';
import { printTable } from './support/table.mjs';

const { RedisServer } = await import('../../sample/shared/redis-server.ts');

const SIZES = [1, 5, 20, 50];
/** Without a store, a refresh is tried once in 11 renewals, so the mean is taken over 11. */
const LIFETIMES = 11;
const COLD_SIZE = 50;
/** A token of 3 s is used for 2 s, so renewing at half of that leaves a second for each renewal. */
const renewal = { at: 0.5 };

/** Each instance has its own Redis client, like a process. */
async function openFleet(size, portone, redis, options = {}) {
  const openOne = async () => {
    const client = redis && createClient({ url: redis.url });
    await client?.connect();
    const store = client && new RedisTokenStore(client);
    const { tokens, close } = await openOurs(portone, {
      renewal,
      ...options,
      ...(store && { store }),
    });
    let renewals = 0;
    tokens.events$.subscribe(({ type }) => {
      if (type === 'renewed' || type === 'adopted') renewals += 1;
    });
    return {
      tokens,
      renewals: () => renewals,
      close: () => close().then(() => client?.destroy()),
    };
  };
  return Promise.all(Array.from({ length: size }, openOne));
}

async function lives(fleet, count) {
  const enough = fleet.map((each) => each.renewals() + count);
  while (!fleet.every((each, i) => each.renewals() >= enough[i]))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

async function commandsOf(admin) {
  const lines = String(await admin.sendCommand(['INFO', 'commandstats']));
  const calls = [...lines.matchAll(/cmdstat_(\w+).*?calls=(\d+)/g)];
  const sum = (isCounted) =>
    calls.reduce((n, [, name, c]) => n + (isCounted(name) ? Number(c) : 0), 0);
  const names = ['eval', 'get', 'set', 'del', 'pttl', 'time'];
  return {
    sent: sum((name) => name === 'eval'),
    run: sum((name) => names.includes(name)),
  };
}

async function perLifetime(size, redis) {
  const portone = await startEmulator({ accessTokenLifetime: 3 });
  const fleet = await openFleet(size, portone, redis);
  const admin = redis && (await createClient({ url: redis.url }).connect());
  // After the first renewal all instances share the same token.
  await lives(fleet, 1);
  await portone.tell('resetCalls');
  await admin?.sendCommand(['CONFIG', 'RESETSTAT']);
  await lives(fleet, LIFETIMES);
  const { tokens } = await portone.tell('counts');
  const commands = admin && (await commandsOf(admin));
  admin?.destroy();
  await Promise.all(fleet.map(({ close }) => close()));
  await portone.stop();
  return { calls: tokens / LIFETIMES, commands };
}

async function coldStart(redis) {
  const portone = await startEmulator();
  await portone.tell('delay', 'tokens', 50);
  const fleet = await openFleet(COLD_SIZE, portone, redis, { eager: false });
  const startedAt = performance.now();
  await Promise.all(fleet.map(({ tokens }) => tokens.getAccessToken()));
  const ms = performance.now() - startedAt;
  const { tokens } = await portone.tell('counts');
  await Promise.all(fleet.map(({ close }) => close()));
  await portone.stop();
  return { tokens, ms };
}

const redis = await RedisServer.start();
const rows = [];
for (const size of SIZES) {
  const [shared, alone] = await Promise.all([
    perLifetime(size, redis),
    perLifetime(size),
  ]);
  const each = (count) => (count / LIFETIMES / size).toFixed(1);
  rows.push({
    instances: size,
    'with the store': shared.calls.toFixed(2),
    without: alone.calls.toFixed(2),
    'sent to Redis per instance': each(shared.commands.sent),
    'run by Redis, scripts included': each(shared.commands.run),
  });
}
printTable(`Token calls per lifetime, mean of ${LIFETIMES}`, rows);

const cold = [
  ['with the store', await coldStart(redis)],
  ['without', await coldStart()],
];
printTable(
  `Cold start of ${COLD_SIZE} instances at once, token endpoint 50 ms`,
  cold.map(([name, { tokens, ms }]) => ({
    '': name,
    'token calls': tokens,
    'all have a token in ms': Math.round(ms),
  })),
);
await redis.stop();
