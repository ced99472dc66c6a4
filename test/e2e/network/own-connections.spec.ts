import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpAgent as KeepAliveAgent } from 'agentkeepalive';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { once } from 'node:events';
import { Agent, request, type ClientRequestArgs } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';
import {
  openWitnessProxy,
  type WitnessProxy,
} from '../../support/witness-proxy.js';

/** An app's own agent class, with private state. */
class CountingAgent extends Agent {
  readonly #opened: unknown[] = [];

  get opened(): number {
    return this.#opened.length;
  }

  override createConnection(
    options: ClientRequestArgs,
    done: (error: Error | null, socket: Duplex) => void,
  ): Duplex {
    this.#opened.push(options.port);
    const { createConnection } = Agent.prototype as unknown as {
      createConnection(this: Agent, ...given: unknown[]): Duplex;
    };
    return createConnection.call(this, options, done);
  }
}

const keepAlive = { keepAlive: true, maxSockets: 2 };
let proxy: WitnessProxy;
let cut: { url: string; sockets: Set<Socket>; close(): void };

const agents: [string, () => Agent][] = [
  ["Node's agent", () => new Agent(keepAlive)],
  ["Node's agent with createConnection of the app", () => withHook()],
  ['a subclass', () => new CountingAgent(keepAlive)],
  ['agentkeepalive', () => new KeepAliveAgent(keepAlive)],
  [
    'https-proxy-agent',
    () => new HttpsProxyAgent(proxy.url, keepAlive) as unknown as Agent,
  ],
];

function withHook(): Agent {
  const agent = new Agent(keepAlive);
  const inherited = (
    Agent.prototype as unknown as {
      createConnection(this: Agent, ...given: unknown[]): Duplex;
    }
  ).createConnection;
  return Object.assign(agent, {
    createConnection: (...given: unknown[]) => inherited.apply(agent, given),
  });
}

/** A relay to the emulator. A test can let its connections die silently, as a NAT does. */
async function openCut(target: string) {
  const sockets = new Set<Socket>();
  const { connect } = await import('node:net');
  const server = createServer((socket) => {
    sockets.add(socket);
    const behind = connect(Number(new URL(target).port), '127.0.0.1');
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  cut = {
    url: `http://127.0.0.1:${port}`,
    sockets,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return cut;
}

/** Lets connections die silently: the server closes nothing, but resets at the next byte. */
function letDie(sockets: Set<Socket>): void {
  for (const socket of sockets) {
    socket.unpipe();
    socket.once('data', () => socket.resetAndDestroy()).resume();
  }
}

/** Fills the pool of an agent with idle sockets, as requests of the app do. */
async function warmUp(agent: Agent, url: string, count: number) {
  const ends = Array.from({ length: count }, async () => {
    const asked = request(`${url}/echo`, { agent }).end();
    const [answer] = (await once(asked, 'response')) as [Duplex];
    answer.resume();
    await once(answer, 'end');
  });
  await Promise.all(ends);
}

describe('With an agent of the app, token calls', () => {
  afterEach(async () => {
    await closeShops();
    await proxy?.close();
    cut?.close();
  });

  it.each(agents)(
    'are sent while its pool is full of slow calls: %s',
    async (_, create) => {
      proxy = await openWitnessProxy();
      const httpAgent = create();
      const { portone, http, tokens } = await openShop({
        options: { http: { httpAgent } },
      });
      portone.fail('api', { kind: 'hang' });
      const abort = new AbortController();
      const slow = [1, 2, 3].map((id) =>
        http.axiosRef
          .post(`/payments/payment-${id}/cancel`, {}, { signal: abort.signal })
          .catch(() => undefined),
      );
      await until(() => portone.calls.api === 2);
      await tokens.renew();
      expect(portone.calls).toMatchObject({ refresh: 1, api: 2 });
      abort.abort();
      await Promise.all(slow);
      httpAgent.destroy();
    },
  );

  it.each(agents)(
    'do not use its idle connections, which may be dead: %s',
    async (_, create) => {
      proxy = await openWitnessProxy();
      const httpAgent = create();
      httpAgent.maxSockets = Infinity;
      const time = new VirtualTime();
      const portone = await openEmulator({ clock: time.trueTime });
      const { url } = await openCut(portone.url);
      const { tokens } = await openShop({
        portone,
        time,
        options: { baseURL: url, eager: false, http: { httpAgent } },
      });
      await warmUp(httpAgent, url, 6);
      letDie(cut.sockets);
      await tokens.getAccessToken();
      expect(tokens.snapshot().consecutiveFailures).toBe(0);
      expect(portone.calls).toMatchObject({ login: 1 });
      httpAgent.destroy();
    },
  );

  it.each(agents)('leave no connection in its pool: %s', async (_, create) => {
    proxy = await openWitnessProxy();
    const httpAgent = create();
    const { tokens } = await openShop({ options: { http: { httpAgent } } });
    await tokens.renew();
    const { sockets, freeSockets, requests } = httpAgent;
    expect({ sockets, freeSockets, requests }).toEqual({
      sockets: {},
      freeSockets: {},
      requests: {},
    });
  });

  it('connect with the method and private state of a subclass', async () => {
    const httpAgent = new CountingAgent(keepAlive);
    const { portone } = await openShop({ options: { http: { httpAgent } } });
    expect(httpAgent.opened).toBe(1);
    expect(portone.calls.login).toBe(1);
  });

  it('use the tunnel of a proxy agent', async () => {
    proxy = await openWitnessProxy();
    const httpAgent = new HttpsProxyAgent(proxy.url);
    const { portone } = await openShop({ options: { http: { httpAgent } } });
    expect(portone.calls.login).toBe(1);
    expect(proxy.asked).toEqual([`CONNECT ${new URL(portone.url).host}`]);
  });

  it('are sent again at once when the agent gives them a dead connection', async () => {
    const portone = await openEmulator();
    const { url } = await openCut(portone.url);
    const pool = new Agent(keepAlive);
    pool.maxSockets = Infinity;
    await warmUp(pool, url, 6);
    letDie(cut.sockets);
    // An agent that delegates to another agent.
    const choosing = Object.assign(new Agent(), {
      createSocket: (asked: unknown, options: unknown) =>
        (
          pool as unknown as { addRequest(...given: unknown[]): void }
        ).addRequest(asked, options),
    });
    const { tokens } = await openShop({
      portone,
      options: { baseURL: url, eager: false, http: { httpAgent: choosing } },
    });
    await tokens.getAccessToken();
    expect(tokens.snapshot().consecutiveFailures).toBe(0);
    expect(portone.calls.login).toBe(1);
    pool.destroy();
  });
});
