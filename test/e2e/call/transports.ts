import { jest } from '@jest/globals';
import { Agent } from 'node:http';
import type { AuthModuleOptions } from '../../../lib/index.js';
import type { Shop } from '../../support/shop.js';
import { capture } from '../http/capture.js';

/** What both transports can be asked to send. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A way of sending a request with the token. What is true of replay and origin is true of each. */
export interface Transport {
  /** Options for many calls at once. */
  readonly options: () => Partial<AuthModuleOptions>;
  /** The status of the answer; throws when there is none. */
  send(shop: Shop, url: string, request?: Sent): Promise<number>;
  /** The Authorization that a request would leave with; nothing is sent. */
  authorization(shop: Shop, url: string): Promise<unknown>;
}

const axios: Transport = {
  // Node's global agent gives a socket 5 s to connect, which 2,000 at once on a busy machine may exceed.
  options: () => ({ http: { httpAgent: new Agent({ keepAlive: true }) } }),
  send: async ({ http }, url, { body: data, ...request } = {}) =>
    (
      await http.axiosRef.request({
        url,
        data,
        ...request,
        validateStatus: () => true,
      })
    ).status,
  authorization: async ({ http }, url) => {
    const adapter = capture();
    await http.axiosRef.get(url, { adapter });
    return adapter.tokens[0];
  },
};

const fetch: Transport = {
  options: () => ({}),
  send: async (shop, url, { body, ...request } = {}) => {
    const isStream = Symbol.asyncIterator in Object(body ?? {});
    const response = await shop.fetch(url, {
      ...request,
      body: body as RequestInit['body'],
      ...(isStream && { duplex: 'half' }),
    });
    await response.arrayBuffer();
    return response.status;
  },
  authorization: async (shop, url) => {
    const spy = jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response()));
    try {
      await shop.fetch(url).catch((error: unknown) => {
        // fetch refuses what is no URL; then nothing leaves.
        if ((error as Error).name !== 'TypeError') throw error;
      });
      const [input, init] = spy.mock.calls[0] ?? [];
      const headers =
        init?.headers ?? (input instanceof Request ? input.headers : {});
      return new Headers(headers).get('Authorization') ?? undefined;
    } finally {
      spy.mockRestore();
    }
  },
};

export const transports: readonly (readonly [string, Transport])[] = [
  ['axios', axios],
  ['fetch', fetch],
];
