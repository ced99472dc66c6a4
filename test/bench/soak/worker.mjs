/** One process of the soak: steady traffic through our HttpService for some seconds, then one report to the parent. */
import { Agent } from 'node:http';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { isAxiosError } from 'axios';
import { Redis } from 'ioredis';
import { RedisTokenStore } from '../../../dist/redis/index.js';
import { openOurs } from '../support/open-ours.mjs';
import { Growth } from './growth.mjs';

/** Of all processes together. */
const CALLS_PER_SECOND = 300;
const CHECKPOINTS = 12;

const { url, apiSecret, seconds, processes, redisPort } = JSON.parse(
  process.argv[2],
);
const redis = redisPort && new Redis(redisPort, '127.0.0.1');
const httpAgent = new Agent({ keepAlive: true, maxSockets: 32 });
// A 2 s token is used for less than a second. Early renewals and short waits leave time for a token call that hangs and another one.
const client = await openOurs(
  { url, apiSecret },
  {
    http: { httpAgent },
    tokenTimeout: 200,
    ...(redis && { store: new RedisTokenStore(redis, { lockMarginMs: 200 }) }),
    renewal: { at: 0.3, backoff: { initial: 20, max: 60 } },
  },
);

process.send({ ready: true });

const failures = {};
const fail = (cause) => (failures[cause] = (failures[cause] ?? 0) + 1);
process.on('unhandledRejection', (reason) =>
  fail(`unhandled rejection: ${reason}`),
);

// Histograms store their values outside of the JavaScript heap, whose growth is measured.
const during = createHistogram();
const away = createHistogram();
// Shows how much a busy machine delays the process. With stalls of 100 ms a failed call may not be the module's fault.
const stalls = monitorEventLoopDelay({ resolution: 10 });
stalls.enable();
let requests = 0;
let inFlight = 0;

const isRenewing = () => client.tokens.snapshot().renewsInMs === undefined;

async function call() {
  requests += 1;
  inFlight += 1;
  const wasRenewing = isRenewing();
  const startedAt = performance.now();
  try {
    if (requests % 10 === 0) await echo(`call ${requests}`);
    else await client.http.axiosRef.get('/payments/payment-1');
  } catch (error) {
    fail(causeOf(error));
  }
  const us = Math.max(1, Math.round((performance.now() - startedAt) * 1000));
  (wasRenewing || isRenewing() ? during : away).record(us);
  inFlight -= 1;
}

/** The body must arrive unchanged, also after a replay. */
async function echo(body) {
  const { data } = await client.http.axiosRef.post('/echo', { body });
  const received = Buffer.from(data.body, 'base64').toString();
  if (received !== JSON.stringify({ body })) throw new Error('body changed');
}

function causeOf(error) {
  if (error.response) return `status ${error.response.status}`;
  if (isAxiosError(error)) return error.code;
  return `${error.name} ${error.reason ?? error.code ?? error.message}`;
}

const growth = new Growth();
for (let checkpoint = 0; checkpoint < CHECKPOINTS; checkpoint++) {
  const startedAt = performance.now();
  const ends = startedAt + (seconds * 1000) / CHECKPOINTS;
  for (let due = startedAt; due < ends; await wait(1)) {
    for (
      ;
      due <= performance.now();
      due += (1000 * processes) / CALLS_PER_SECOND
    )
      call();
  }
  while (inFlight > 0) await wait(1);
  growth.take();
}
await client.close();
httpAgent.destroy();
redis?.disconnect();

const quantiles = (histogram) =>
  [50, 99].map((p) => (histogram.percentile(p) / 1000).toFixed(1)).join(' / ');
process.send(
  {
    requests,
    failures,
    during: quantiles(during),
    away: quantiles(away),
    stalls: `${Math.round(stalls.percentile(99) / 1e6)} / ${Math.round(stalls.max / 1e6)}`,
    growth: growth.report,
    problems: growth.problems,
  },
  () => process.disconnect(),
);
