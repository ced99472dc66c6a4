import { Agent, globalAgent, type ClientRequest } from 'node:http';
import * as nodeHttps from 'node:https';
import type { Duplex } from 'node:stream';
import type { AxiosRequestConfig } from 'axios';
import { isLoopback } from './loopback.js';

// Not a default import, because Jest in a Nest 11 project compiles this to `require()`, which gives no default. Where a default
// exists it is used: only there a global agent can be seen that a library has set later.
const https =
  (nodeHttps as { default?: typeof nodeHttps }).default ?? nodeHttps;

/** The user's axios options for TLS, DNS and proxy. */
export type NetworkSettings = Pick<
  AxiosRequestConfig,
  'httpAgent' | 'httpsAgent' | 'proxy' | 'lookup' | 'family'
>;

/**
 * The settings for a token call or the fetch of a JWKS at `url`: TLS, DNS and proxy as the user set them, but on a new
 * connection. So neither a dead idle socket nor a full pool of the user's agent can delay the call.
 */
export function separateConnections(
  url: string,
  { httpAgent, httpsAgent, proxy, lookup, family }: NetworkSettings = {},
): NetworkSettings {
  const mayUseProxy = !isDirect(url, proxy);
  return {
    // Never Node's global agent for loopback: libraries give that one a proxy.
    httpAgent: separateAgent(httpAgent ?? new Agent(), 'http:', mayUseProxy),
    httpsAgent: separateAgent(
      httpsAgent ??
        (mayUseProxy
          ? https.globalAgent
          : new https.Agent(https.globalAgent.options)),
      'https:',
      mayUseProxy,
    ),
    ...(mayUseProxy ? proxy && { proxy } : { proxy: false }),
    ...(lookup && { lookup }),
    ...(family !== undefined && { family }),
  };
}

/**
 * Whether a request must not use a proxy: the user set `proxy: false`, or the target is a loopback host. A proxy of the
 * environment would get credentials that need not leave this machine, so only `http.proxy` can set one.
 */
export const isDirect = (
  url: string,
  proxy: AxiosRequestConfig['proxy'],
): boolean => proxy === false || (!proxy && isLoopback(new URL(url)));

const directAgents = new WeakMap<Agent, Agent>();

/** Settings for a request without any proxy. */
export function directSettings({
  httpAgent,
  httpsAgent,
}: NetworkSettings): Pick<
  NetworkSettings,
  'proxy' | 'httpAgent' | 'httpsAgent'
> {
  const http = directAgent(httpAgent ?? globalAgent);
  const secure = directAgent(httpsAgent ?? https.globalAgent);
  return {
    proxy: false,
    ...(http && { httpAgent: http }),
    ...(secure && { httpsAgent: secure }),
  };
}

/** A copy of an agent that takes a proxy from the environment, without the proxy; undefined for other agents. */
function directAgent(agent: unknown): Agent | undefined {
  if (!isConnecting(agent) || agent.options.proxyEnv === undefined)
    return undefined;
  const { proxyEnv: _, ...options } = agent.options;
  const Plain = agent instanceof https.Agent ? https.Agent : Agent;
  const direct = directAgents.get(agent) ?? new Plain(options);
  directAgents.set(agent, direct);
  return direct;
}

/** How Node's Agent opens a connection. Not documented, but agent libraries rely on it. */
interface Connecting extends Agent {
  readonly options: AgentOptions;
  createSocket(
    request: ClientRequest,
    options: object,
    done: (error: Error | null, socket: Duplex) => void,
  ): void;
}

/** An agent that overrides one of these connects in its own way, so a plain agent with the same options cannot replace it. */
const CONNECTION_HOOKS = ['addRequest', 'createSocket', 'createConnection'];

function separateAgent(
  agent: unknown,
  protocol: string,
  mayUseProxy: boolean,
): unknown {
  // Not Node's Agent or a subclass, such as agent-base before 7: these have no pool.
  if (!isConnecting(agent)) return agent;
  // `proxyEnv` (Node 24): the agent takes its proxy from the environment.
  const { proxyEnv, ...options } = agent.options;
  const mustDropProxy = proxyEnv !== undefined && !mayUseProxy;
  if (!mustDropProxy && !isPlain(agent))
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

/** Opens connections through another agent (a tunnel, a keep-alive agent, a subclass), but does not use its pool or queue. */
class FreshConnections extends Agent {
  readonly #agent: Connecting;

  constructor(agent: Connecting, protocol: string) {
    super({ keepAlive: false });
    this.#agent = agent;
    const { options } = agent;
    const defaultPort = protocol === 'https:' ? 443 : 80;
    Object.assign(this, { options, protocol, defaultPort });
  }

  /** The proxy of a tunnel, for the message of a failed call. */
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

/** Removes a socket from an agent, as Node does after an upgrade. The queue is hidden meanwhile, because no place became free. */
function forget(agent: Connecting, socket: Duplex): void {
  const { requests } = agent;
  Object.assign(agent, { requests: {} });
  socket.emit('agentRemove');
  Object.assign(agent, { requests });
}
