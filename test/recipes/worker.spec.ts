import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue, QueueEvents } from 'bullmq';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { eventually } from '../support/promises.js';
import { RedisServer } from '../support/redis-server.js';
import { Recipe } from './run-recipe.js';

describe('A BullMQ worker without an HTTP server', () => {
  let redis: RedisServer;
  let portone: PortOneEmulator;
  let queue: Queue;
  let events: QueueEvents;
  let recipe: Recipe;

  const refundsOf = (id: string) =>
    portone.calls.requests.filter(
      ({ path }) => path === `/payments/${id}/cancel`,
    );

  beforeAll(async () => {
    redis = await RedisServer.start();
    portone = await PortOneEmulator.start();
    const connection = { url: redis.url };
    queue = new Queue('refunds', { connection });
    events = new QueueEvents('refunds', { connection });
    recipe = await Recipe.start('worker.ts', portone, {
      REDIS_URL: redis.url,
      RECONCILE_AT: '* * * * * *',
    });
  }, 120_000);
  afterAll(async () => {
    Recipe.killAll();
    await Promise.all([queue?.close(), events?.close()]);
    await portone?.stop();
    await redis?.stop();
  });

  it('uses one token, and the same Idempotency-Key when a job is tried again', async () => {
    const busy = { kind: 'status', status: 503 } as const;
    portone.fail('POST /payments/payment-1/cancel', busy, { times: 1 });
    const job = await queue.add(
      'refund',
      { paymentId: 'payment-1' },
      { attempts: 2 },
    );
    await job.waitUntilFinished(events);
    const tries = refundsOf('payment-1');
    expect(tries.map(({ status }) => status)).toEqual([503, 200]);
    const keys = tries.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(portone.calls.login).toBe(1);
  }, 120_000);

  it('runs its cron job', async () => {
    await eventually(() =>
      portone.calls.requests.some(
        ({ path, status }) =>
          path.startsWith('/payments?') ||
          (path === '/payments' && status === 200),
      ),
    );
  });

  it('finishes a running job before it exits on SIGTERM', async () => {
    portone.delay('POST /payments/payment-2/cancel', 1_500);
    await queue.add('refund', { paymentId: 'payment-2' });
    await eventually(() => refundsOf('payment-2').length === 1);
    expect(await recipe.terminate()).toBe('SIGTERM');
    expect(refundsOf('payment-2').map(({ status }) => status)).toEqual([200]);
    expect(await queue.getFailedCount()).toBe(0);
  }, 60_000);
});
