import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisServer } from './redis-server.js';

/** A Redis server for the tests of one file, and a client with which the tests change it. */
export interface RedisOfTests {
  readonly url: string;
  readonly server: RedisServer;
  readonly admin: Redis;
}

/**
 * Starts a Redis server before all tests of a file, and stops it after all hooks of its `describe` blocks. Call it at the top of
 * the file. Its properties are set when the tests run.
 */
export function useRedis(): RedisOfTests {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await RedisServer.start();
    // A test may kill the server and start it again.
    admin = new Redis(server.url, {
      retryStrategy: () => 20,
      disconnectTimeout: 50,
    });
    admin.on('error', () => undefined);
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.stop();
  });
  return {
    get url() {
      return server.url;
    },
    get server() {
      return server;
    },
    get admin() {
      return admin;
    },
  };
}
