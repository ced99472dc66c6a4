import { Agent, globalAgent, type ClientRequest } from 'node:http';
import * as nodeHttps from 'node:https';
import type { Duplex } from 'node:stream';
import type { AxiosRequestConfig } from 'axios';

// Not a default import: Jest of a Nest 11 project compiles this to `require()`, which has none. Where there is one, it has the
// global agent that a library put there later.
const https =
  (nodeHttps as { default?: typeof nodeHttps }).default ?? nodeHttps;

/** The user's axios options that lead out of this network: TLS, DNS and proxy. */
export type NetworkSettings = Pick<
  AxiosRequestConfig,
  'httpAgent' | 'httpsAgent' | 'proxy' | 'lookup' | 'family'
>;

/**
 * The settings of one call of our own (a token call, a JWKS) to `url`: TLS, DNS and proxy as the user set them, on a
 * connection of its own. Neither a dead idle socket nor a full pool of the user's agent can hold the call up.
 */
export function ownConnections(
  url: string,
  { httpAgent, httpsAgent, proxy, lookup, family }: NetworkSettings = {},
): NetworkSettings {
  const mayUseProxy = !isDirect(url, proxy);
  return {
    // Never Node's global agent for loopback: libraries put a proxy there.
    httpAgent: ownAgent(httpAgent ?? new Agent(), 'http:', mayUseProxy),
    httpsAgent: ownAgent(
      httpsAgent ?? https.globalAgent,
      'https:',
      mayUseProxy,
    ),
    ...(mayUseProxy ? proxy && { proxy } : { proxy: false }),
    ...(lookup && { lookup }),
    ...(family !== undefined && { family }),
  };
}

/**
 * Whether a request must not go through a proxy: the user said `proxy: false`, or the target is plain http, which is
 * loopback by rule. There `HTTP_PROXY` would send credentials in clear to another host; only `http.proxy` may say so.
 */
export const isDirect = (
  url: string,
  proxy: AxiosRequestConfig['proxy'],
): boolean => proxy === false || (!proxy && /^http:/i.test(url));

const directAgents = new WeakMap<Agent, Agent>();

/** Settings that send a request past every proxy, in the pool of its agent, or of one like it that knows no proxy. */
export function withoutProxy({
  httpAgent,
}: NetworkSettings): Pick<NetworkSettings, 'proxy' | 'httpAgent'> {
  const given: unknown = httpAgent ?? globalAgent;
  if (!isConnecting(given) || given.options.proxyEnv === undefined)
    return { proxy: false };
  const { proxyEnv: _, ...options } = given.options;
  const agent = directAgents.get(given) ?? new Agent(options);
  directAgents.set(given, agent);
  return { proxy: false, httpAgent: agent };
}

/** What Node's pool asks of an agent for a new connection; public in practice: agent libraries build on it. */
interface Connecting extends Agent {
  readonly options: AgentOptions;
  createSocket(
    request: ClientRequest,
    options: object,
    done: (error: Error | null, socket: Duplex) => void,
  ): void;
}

/** Replacing one of these changes how an agent connects, so a copy of its options would not be the same agent. */
const CONNECTION_HOOKS = ['addRequest', 'createSocket', 'createConnection'];

function ownAgent(
  agent: unknown,
  protocol: string,
  mayUseProxy: boolean,
): unknown {
  // Not an agent of Node's kind, such as agent-base before 7: these keep no pool.
  if (!isConnecting(agent)) return agent;
  // `proxyEnv` (Node 24): the agent takes its proxy from the environment.
  const { proxyEnv, ...options } = agent.options;
  const isDiverted = proxyEnv !== undefined && !mayUseProxy;
  if (!isDiverted && !isPlain(agent))
    return new FreshConnections(agent, protocol);
  const Plain = agent instanceof https.Agent ? https.Agent : Agent;
  return new Plain({
    ...options,
    ...(mayUseProxy && proxyEnv !== undefined && { proxyEnv }),
    keepAlive: false,
    maxSockets: Infinity,
    maxTotalSockets: Infinity,
  });
}

type AgentOptions = nodeHttps.AgentOptions & { readonly proxyEnv?: unknown };

const isConnecting = (agent: unknown): agent is Connecting =>
  agent instanceof Agent && 'createSocket' in agent;

const isPlain = (agent: Agent): boolean =>
  [Agent.prototype, https.Agent.prototype].includes(
    Object.getPrototypeOf(agent) as Agent,
  ) && !CONNECTION_HOOKS.some((hook) => Object.hasOwn(agent, hook));

/** Connects as another agent does (a tunnel, a keep-alive agent, a subclass), but past its pool and its queue. */
class FreshConnections extends Agent {
  readonly #agent: Connecting;

  constructor(agent: Connecting, protocol: string) {
    super({ keepAlive: false });
    this.#agent = agent;
    const { options } = agent;
    const defaultPort = protocol === 'https:' ? 443 : 80;
    Object.assign(this, { options, protocol, defaultPort });
  }

  /** Where a tunnel leads, for the message of a call that failed. */
  get proxy(): unknown {
    return (this.#agent as { readonly proxy?: unknown }).proxy;
  }

  addRequest(request: ClientRequest, options: object): void {
    this.#agent.createSocket(request, options, (error, socket) => {
      const connected = request as ClientRequest & {
        onSocket(socket: unknown, error?: Error | null): void;
      };
      if (error) return connected.onSocket(null, error);
      forget(this.#agent, socket);
      socket.once('free', () => socket.destroy());
      connected.onSocket(socket);
    });
  }
}

/** Makes an agent forget a socket, as Node does after an upgrade. The queue is hidden meanwhile, because no place became free. */
function forget(agent: Connecting, socket: Duplex): void {
  const { requests } = agent;
  Object.assign(agent, { requests: {} });
  socket.emit('agentRemove');
  Object.assign(agent, { requests });
}
