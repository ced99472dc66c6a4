import type { InternalAxiosRequestConfig } from 'axios';

/** Fields of a config that lead to sockets, and so to the headers of every call on them. */
const FIELDS = ['httpAgent', 'httpsAgent', 'agent', 'transport'] as const;

type Pool = Record<string, unknown> & {
  addRequest(...args: unknown[]): unknown;
  request(...args: unknown[]): unknown;
  dispatch(...args: unknown[]): unknown;
  destroy(...args: unknown[]): unknown;
};

/**
 * Replaces an agent on configs that callers can log. It works as an agent, also when another axios sends the config again, but
 * no property of it leads to a socket.
 */
class SealedAgent {
  readonly #pool: Pool;

  constructor(pool: object) {
    this.#pool = pool as Pool;
  }

  static opened(value: unknown): unknown {
    return value instanceof SealedAgent ? value.#pool : value;
  }

  get defaultPort(): unknown {
    return this.#pool['defaultPort'];
  }

  get protocol(): unknown {
    return this.#pool['protocol'];
  }

  get keepAlive(): unknown {
    return this.#pool['keepAlive'];
  }

  get maxSockets(): unknown {
    return this.#pool['maxSockets'];
  }

  /** What Node calls on an agent. */
  addRequest(...args: unknown[]): unknown {
    return this.#pool.addRequest(...args);
  }

  /** What axios calls on a transport. */
  request(...args: unknown[]): unknown {
    return this.#pool.request(...args);
  }

  /** What fetch calls on a dispatcher. */
  dispatch(...args: unknown[]): unknown {
    return this.#pool.dispatch(...args);
  }

  destroy(...args: unknown[]): unknown {
    return this.#pool.destroy(...args);
  }
}

const sealedAgents = new WeakMap<object, SealedAgent>();

/** Returns one stand-in for each agent, because retry libraries compare the agent of a config with the default one. */
export function sealed(agent: unknown): unknown {
  if (typeof agent !== 'object' || agent === null) return agent;
  if (agent instanceof SealedAgent) return agent;
  const known = sealedAgents.get(agent);
  if (known) return known;
  const made = new SealedAgent(agent);
  sealedAgents.set(agent, made);
  return made;
}

/** Whether a config leads to sockets. Give it a copy, because a config made by axios is slow to read. */
export function hasAgents(copy: InternalAxiosRequestConfig): boolean {
  for (const field of FIELDS)
    if (copy[field as 'httpAgent'] !== undefined) return true;
  return copy.fetchOptions !== undefined;
}

/** Puts stand-ins for agents on a config that callers can reach. */
export function sealAgents(config: InternalAxiosRequestConfig): void {
  change(config, sealed);
}

/** Puts the agents back, on the adapter's own copy of a config. */
export function openAgents(copy: InternalAxiosRequestConfig): void {
  change(copy, SealedAgent.opened);
}

function change(
  config: InternalAxiosRequestConfig,
  to: (agent: unknown) => unknown,
): void {
  const fields = config as unknown as Record<string, unknown>;
  for (const field of FIELDS)
    if (fields[field]) fields[field] = to(fields[field]);
  const { fetchOptions } = config;
  if (fetchOptions && 'dispatcher' in fetchOptions)
    config.fetchOptions = {
      ...fetchOptions,
      dispatcher: to(fetchOptions['dispatcher']),
    };
}
