import { jest } from '@jest/globals';
import { Agent } from 'node:http';
import type { AuthModuleOptions } from '../../../lib/index.js';
import type { Shop } from '../../support/shop.js';
import { capture } from '../http/capture.js';

/** A request that both transports can send. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A way to send a request with the token. The rules for replay and origin are the same for all of them. */
export interface Transport {
  /** Options for many calls at once. */
  readonly options: () => Partial<AuthModuleOptions>;
  /** The status of the answer; throws when there is none. */
  send(shop: Shop, url: string, request?: Sent): Promise<number>;
  /** The Authorization that a request would carry. Sends nothing. */
  authorization(shop: Shop, url: string): Promise<unknown>;
}

const axios: Transport = {
  // Node's global agent gives a socket 5 s to connect. On a busy machine 2,000 sockets at once may need longer.
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
        // fetch throws a TypeError for an invalid URL, and sends nothing.
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
