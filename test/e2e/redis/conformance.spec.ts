import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createClient } from 'redis';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { tokenStoreConformance } from '../../../lib/testing/index.js';
import {
  OPEN,
  OPEN_CLUSTER,
  type OpenClient,
} from '../../support/redis-clients.js';
import { RedisServer } from '../../support/redis-server.js';

const ALL_SLOTS = Array.from({ length: 16_384 }, (_, slot) => String(slot));

async function startCluster(): Promise<RedisServer> {
  const redis = await RedisServer.start(
    '--cluster-enabled',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
  );
  const admin = createClient({ url: redis.url });
  await admin.connect();
  await admin.sendCommand(['CLUSTER', 'ADDSLOTS', ...ALL_SLOTS]);
  while (!String(await admin.clusterInfo()).includes('cluster_state:ok'));
  admin.destroy();
  return redis;
}

describe.each([
  ...OPEN.map(([name, open]) => ({
    name,
    open,
    start: () => RedisServer.start(),
  })),
  ...OPEN_CLUSTER.map(([name, open]) => ({ name, open, start: startCluster })),
])('RedisTokenStore over $name', ({ open, start }) => {
  let redis: RedisServer;
  const clients: OpenClient[] = [];

  beforeAll(async () => {
    redis = await start();
    for (let i = 0; i < 3; i += 1) clients.push(await open(redis.url));
  });
  afterAll(async () => {
    for (const { close } of clients) close();
    await redis?.stop();
  });

  let instance = 0;
  const createStore = () => {
    instance += 1;
    const { client } = clients[instance % clients.length] as OpenClient;
    return new RedisTokenStore(client, { pollMs: 20 });
  };
  it.each(tokenStoreConformance(createStore))('$name', ({ run }) => run());
});
