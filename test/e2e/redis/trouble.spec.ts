import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance, quiet, urgent } from '../../support/fleet-instance.js';
import { LogBook } from '../../support/log-book.js';
import { CONNECT, type OpenClient } from '../../support/redis-clients.js';
import { RedisServer } from '../../support/redis-server.js';
import { closeShops, openShop } from '../../support/shop.js';

/** Each fault of Redis, with the code of the error that Redis or the network gives. */
const TROUBLES: [
  string,
  string,
  string[],
  (admin: Redis) => Promise<unknown>,
][] = [
  ['READONLY', 'a replica', [], (admin) => admin.replicaof('127.0.0.1', 1)],
  [
    'NOPERM',
    'a user without scripts',
    [],
    (admin) => admin.acl('SETUSER', 'default', '-eval'),
  ],
  [
    'NOPERM',
    'a user without a command of the scripts',
    [],
    (admin) => admin.acl('SETUSER', 'default', '-pttl'),
  ],
  [
    'OOM',
    'a full memory',
    ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'],
    async () => undefined,
  ],
];

describe.each(CONNECT)(
  'The reason why a token is not shared, over %s',
  (library, connect) => {
    const servers: RedisServer[] = [];
    const clients: OpenClient[] = [];

    const start = async (...args: string[]) => {
      const server = await RedisServer.start(...args);
      servers.push(server);
      return server;
    };
    const storeAt = (url: string) => {
      const opened = connect(url);
      clients.push(opened);
      return new RedisTokenStore(opened.client);
    };
    afterEach(async () => {
      for (const { close } of clients.splice(0)) close();
      for (const server of servers.splice(0)) await server.stop();
    });

    it.each(TROUBLES)('is %s for %s', async (code, _, args, begin) => {
      const server = await start(...args);
      const admin = new Redis(server.url);
      await begin(admin);
      admin.disconnect();
      const store = storeAt(server.url);
      await new FleetInstance(store, 'key').update(urgent);
      expect(store.trouble()).toBe(code);
    });

    it('is WRONGPASS for a wrong password, although no command has failed yet', async () => {
      const { port } = await start('--requirepass', 'right');
      const store = storeAt(`redis://:wrong@127.0.0.1:${port}`);
      await new FleetInstance(store, 'key').update(urgent);
      expect(store.trouble()).toBe('WRONGPASS');
    });

    it('is ECONNREFUSED when there is no Redis', async () => {
      const server = await start();
      await server.kill();
      const store = storeAt(server.url);
      await new FleetInstance(store, 'key').update(urgent);
      expect(store.trouble()).toBe('ECONNREFUSED');
    });

    it("is 'no answer' when Redis hangs", async () => {
      const server = await start();
      const store = storeAt(server.url);
      const instance = new FleetInstance(store, 'key');
      await instance.update(urgent);
      server.pause();
      await instance.update(quiet);
      server.resume();
      expect(store.trouble()).toBe('no answer');
    });

    it('is in the warning of the token service, which repeats nothing else of the error', async () => {
      const { port } = await start('--requirepass', 'right');
      const logger = new LogBook();
      const store = storeAt(`redis://:wrong@127.0.0.1:${port}`);
      await openShop({ options: { store }, logger });
      await closeShops();
      const [warning] = logger.saying('not shared', 'warn');
      expect(warning).toContain('(WRONGPASS)');
      expect(warning).not.toContain('username-password');
    });

    it(`is found with one listener for all stores of a client (${library})`, async () => {
      const { client, close } = connect((await start()).url);
      clients.push({ client, close });
      const warnings: unknown[] = [];
      const note = (warning: Error) => warnings.push(warning.message);
      process.on('warning', note);
      for (let i = 0; i < 20; i += 1) new RedisTokenStore(client);
      await new Promise(setImmediate);
      process.off('warning', note);
      expect(warnings).toEqual([]);
    });
  },
);

describe('A client whose commands fail without a word of Redis', () => {
  const client = (reply: () => unknown) => ({
    status: 'ready',
    call: async () => reply(),
  });

  it.each<[string, () => unknown, string]>([
    ['a reply that is undefined', () => undefined, 'unexpected reply'],
    ['a reply that is OK', () => 'OK', 'unexpected reply'],
    ['a list of other texts', () => ['newer', 'x', 'y'], 'unexpected reply'],
    [
      'an error of the client',
      () => {
        throw new Error('Connection in subscriber mode');
      },
      'error of the client',
    ],
  ])('costs the sharing at once: %s', async (_, reply, trouble) => {
    const store = new RedisTokenStore(client(reply));
    const instance = new FleetInstance(store, 'key');
    await instance.update(quiet);
    expect(instance.renewals).toEqual([
      { current: undefined, exclusive: false },
    ]);
    expect(store.trouble()).toBe(trouble);
  });
});

describe("The app's Redis client", () => {
  afterEach(closeShops);

  const warningsAtBoot = async (store: RedisTokenStore) => {
    const logger = new LogBook();
    await openShop({ options: { store, eager: false }, logger });
    return logger.saying('Write: ', 'warn');
  };

  it('causes a warning at boot when it was never connected; the warning says what to write', async () => {
    const client = createClient().on('error', () => undefined);
    expect(await warningsAtBoot(new RedisTokenStore(client))).toEqual([
      expect.stringContaining('client.connect().catch(() => undefined)'),
    ]);
  });

  it.each<[string, () => RedisTokenStore]>([
    ['node-redis', () => new RedisTokenStore(createClient())],
    [
      'ioredis',
      () => {
        const client = new Redis({ lazyConnect: true });
        client.disconnect();
        return new RedisTokenStore(client);
      },
    ],
  ])('causes a warning when it has no error listener (%s)', async (_, make) => {
    const warnings = await warningsAtBoot(make());
    expect(warnings.join()).toContain("client.on('error', () => undefined)");
  });

  it('causes a warning when it is closed', async () => {
    const client = new Redis({ lazyConnect: true }).on(
      'error',
      () => undefined,
    );
    client.disconnect();
    await new Promise((resolve) => client.once('end', resolve));
    expect(await warningsAtBoot(new RedisTokenStore(client))).toEqual([
      expect.stringContaining('closed'),
    ]);
  });

  it('causes no warning when it is connected and has an error listener', async () => {
    const client = createClient().on('error', () => undefined);
    client.connect().catch(() => undefined);
    const store = new RedisTokenStore(client);
    expect(await warningsAtBoot(store)).toEqual([]);
    client.destroy();
  });
});
