import { createClient } from 'redis';
import { RedisServer } from './redis-server.js';

const SLOTS = 16_384;
const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-announce-ip'];

/** A real Redis Cluster on 127.0.0.1. Each node has an equal share of the slots. */
export class RedisCluster {
  private constructor(private readonly nodes: readonly RedisServer[]) {}

  /** Starts the nodes. Resolves when every node knows the slots of all nodes. */
  static async start(size: number): Promise<RedisCluster> {
    const nodes: RedisServer[] = [];
    for (let i = 0; i < size; i += 1)
      nodes.push(await RedisServer.start(...CLUSTER, '127.0.0.1'));
    await Promise.all(nodes.map((node, i) => join(node, i, nodes)));
    await Promise.all(nodes.map((node) => isOk(node, size)));
    return new RedisCluster(nodes);
  }

  /** The URL of one node. A client finds the other nodes itself. */
  get url(): string {
    return this.nodes[0]!.url;
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url);
  }

  /** Moves the slot of a key, with this key, from its node to another one. Clients still know the old node. */
  async move(key: string): Promise<void> {
    const all = await Promise.all(
      this.nodes.map(async (node) => ({
        node,
        id: await one(node, 'CLUSTER', 'MYID'),
        has: (await one(node, 'EXISTS', key).catch(() => '0')) === '1',
      })),
    );
    const from = all.find(({ has }) => has)!;
    const to = all.find(({ has }) => !has)!;
    const slot = await one(from.node, 'CLUSTER', 'KEYSLOT', key);
    const setSlot = ['CLUSTER', 'SETSLOT', slot];
    await one(to.node, ...setSlot, 'IMPORTING', from.id);
    await one(from.node, ...setSlot, 'MIGRATING', to.id);
    const target = ['127.0.0.1', String(to.node.port)];
    await one(from.node, 'MIGRATE', ...target, key, '0', '5000');
    for (const { node } of [to, ...all.filter((other) => other !== to)])
      await one(node, ...setSlot, 'NODE', to.id);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

/** Gives a node its share of the slots, and connects it with all other nodes. */
const join = (node: RedisServer, at: number, nodes: readonly RedisServer[]) =>
  ask(node, async (send) => {
    const from = Math.ceil((at * SLOTS) / nodes.length);
    const to = Math.ceil(((at + 1) * SLOTS) / nodes.length);
    const slots = Array.from({ length: to - from }, (_, i) => String(from + i));
    await send('CLUSTER', 'ADDSLOTS', ...slots);
    for (const { port } of nodes)
      await send('CLUSTER', 'MEET', '127.0.0.1', String(port));
  });

const isOk = (node: RedisServer, size: number) =>
  ask(node, async (send) => {
    for (;;) {
      const info = String(await send('CLUSTER', 'INFO'));
      if (
        info.includes('cluster_state:ok') &&
        info.includes(`cluster_known_nodes:${size}`)
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

async function ask(
  node: RedisServer,
  work: (send: (...command: string[]) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const client = createClient({ url: node.url });
  await client.connect();
  await work((...command) => client.sendCommand(command)).finally(() =>
    client.destroy(),
  );
}

async function one(node: RedisServer, ...command: string[]): Promise<string> {
  let reply: unknown;
  await ask(node, async (send) => {
    reply = await send(...command);
  });
  return String(reply);
}
