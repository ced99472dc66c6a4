import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient, createSentinel } from 'redis';
import { AuthConfigurationError } from '../../../lib/errors/index.js';
import { RedisTokenStore, type RedisClient } from '../../../lib/redis/index.js';

const problemsOf = (make: () => unknown) => {
  try {
    make();
  } catch (error) {
    if (error instanceof AuthConfigurationError) return error.problems;
    throw error;
  }
  return [];
};

describe('RedisTokenStore', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a URL', 'redis://127.0.0.1'],
    ['an object that is not a client', { get: () => undefined }],
    ['an object with the names of a client', { status: 'ready', call: 'me' }],
    ['a pipeline of ioredis', new Redis({ lazyConnect: true }).pipeline()],
    ['a transaction of node-redis', createClient().multi()],
    [
      'ioredis-mock, which has neither `call` nor `status`',
      { pipeline: () => undefined, eval: () => undefined, on: () => undefined },
    ],
    ['a mock without the state of ioredis', { call: async () => null }],
    [
      'a mock without the state of node-redis',
      { sendCommand: async () => null },
    ],
    [
      'a mock that has every method',
      new Proxy({}, { get: () => () => undefined, has: () => true }),
    ],
    [
      'a sentinel of node-redis',
      createSentinel({
        name: 'main',
        sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }],
      }),
    ],
  ])('rejects %s at boot, and says what to pass instead', (_, client) => {
    const [problem] = problemsOf(
      () => new RedisTokenStore(client as RedisClient),
    );
    expect(problem?.field).toBe('store');
    expect(problem?.message).toContain('node-redis (redis) or ioredis');
    expect(problem?.message).toContain('new RedisTokenStore(new Redis(url))');
    expect(problem?.message).toContain('in a test, leave out `store`');
  });

  it.each([
    [{ prefx: 'x' }, 'prefx', 'did you mean `prefix`?'],
    [{ keyPrefix: 'x' }, 'keyPrefix', 'did you mean `prefix`?'],
    [{ ttl: 5 }, 'ttl', 'known here: prefix, pollMs, lockMarginMs'],
    [null, 'options', 'must be an object'],
  ])('names an option that it does not know: %j', (options, field, message) => {
    const client = new Redis({ lazyConnect: true });
    expect(
      problemsOf(() => new RedisTokenStore(client, options as never)),
    ).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it('says that a sentinel of node-redis is not supported', () => {
    const sentinel = createSentinel({
      name: 'main',
      sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }],
    });
    const [problem] = problemsOf(
      () => new RedisTokenStore(sentinel as unknown as RedisClient),
    );
    expect(problem?.message).toContain('createSentinel');
  });

  it('accepts clients that are not connected yet, and does not connect them', () => {
    const ioredis = new Redis({ lazyConnect: true });
    const nodeRedis = createClient();
    for (const client of [ioredis, nodeRedis])
      expect(new RedisTokenStore(client).isShared).toBe(true);
    expect(ioredis.status).toBe('wait');
    expect(nodeRedis.isOpen).toBe(false);
  });

  it('does not adopt a record that expires while it is read', async () => {
    const replies = [['newer', '5', 'expired', 0], ['acquired'], '6'];
    const client = { status: 'ready', call: async () => replies.shift() };
    const store = new RedisTokenStore(client as unknown as RedisClient);
    const renew = async () => ({ sealed: 'new', expiresInMs: 1_000 });
    const situation = { timeoutMs: 1_000, isUrgent: () => true };
    expect(await store.update('key', 4, renew, situation)).toEqual({
      sealed: 'new',
      expiresInMs: 1_000,
      generation: 6,
    });
  });

  it('rejects bad options, with all of them in one error', () => {
    const options = { prefix: 'a{b}', pollMs: 0, lockMarginMs: NaN };
    const problems = problemsOf(
      () => new RedisTokenStore(createClient(), options),
    );
    const message = 'must be a number of milliseconds above 0';
    expect(problems).toEqual([
      { field: 'prefix', message: 'must be a string without braces' },
      { field: 'pollMs', message },
      { field: 'lockMarginMs', message },
    ]);
  });

  it('rejects a prefix that is not a string', () => {
    const options = { prefix: 5 as unknown as string };
    expect(
      problemsOf(() => new RedisTokenStore(createClient(), options)),
    ).toHaveLength(1);
  });
});
