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
  await work((...command) => client.sendCommand(command));
  client.destroy();
}
