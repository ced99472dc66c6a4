import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { RedisTokenStore, type RedisClient } from '../../../lib/redis/index.js';
import { useRedis } from '../../support/redis-hooks.js';
import { closeShops, openShop } from '../../support/shop.js';
import { asRequest, Witness } from './requests.js';

const payment = '/payments/payment-1';

/** Connected clients that note every command when it is sent. */
const WITNESSED: [
  string,
  (url: string, witness: Witness) => Promise<RedisClient & { close(): void }>,
][] = [
  [
    'ioredis',
    async (url, witness) => {
      const client = new (class extends Redis {
        override sendCommand(...sent: Parameters<Redis['sendCommand']>) {
          witness.note(`redis ${sent[0].name}`);
          return super.sendCommand(...sent);
        }
      })(url, { lazyConnect: true });
      await client.connect();
      return Object.assign(client, { close: () => client.disconnect() });
    },
  ],
  [
    'node-redis',
    async (url, witness) => {
      const client = createClient({ url }).on('error', () => undefined);
      await client.connect();
      const { sendCommand } = client;
      return Object.assign(client, {
        sendCommand: (...sent: Parameters<typeof sendCommand>) => {
          witness.note(`redis ${String(sent[0][0]).toLowerCase()}`);
          return sendCommand.apply(client, sent);
        },
        close: () => client.destroy(),
      }) as never;
    },
  ],
];

const redis = useRedis();

describe.each(WITNESSED)('A fleet on %s', (_, connect) => {
  const open: { close(): void }[] = [];

  afterEach(async () => {
    await closeShops();
    for (const client of open.splice(0)) client.close();
  });

  it('sends no command in the context of the request that starts a renewal or a read of the store', async () => {
    const witness = new Witness();
    const client = await connect(redis.url, witness);
    open.push(client);
    const { http, portone, tokens, advance } = await openShop({
      options: { store: new RedisTokenStore(client), eager: false },
    });
    const quietly = () => http.axiosRef.get(payment).catch(() => undefined);

    witness.forget();
    await asRequest('A', quietly);
    expect(witness.parts).toContain('redis eval');
    portone.revokeAccessTokens();
    await asRequest('B', quietly);
    portone.fail('tokens', { kind: 'status', status: 503 }, { times: 1 });
    portone.revokeAccessTokens();
    await asRequest('C', quietly);
    await asRequest('D', quietly);
    expect(tokens.snapshot()).toMatchObject({
      refused: 3,
      consecutiveFailures: 1,
    });
    while (portone.calls.tokens < 5) await advance(60_000);
    expect(witness.inRequests).toEqual([]);
  });
});
