/** Costs of a guarded route: requests per second through a Nest app, and microseconds per decision of the guard alone. */
import 'reflect-metadata';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/internal';
import { PortOneEmulator } from '../../dist/testing/index.js';
import { guardedModule, titles } from './guard.subjects.mjs';
import { median } from './support/stats.mjs';
import { printTable } from './support/table.mjs';

const IN_FLIGHT = 32;
const names = Object.keys(titles);

const portone = await PortOneEmulator.start();
/** A token for each request in flight. All are signed with the same key. */
const callers = await Promise.all(
  Array.from({ length: IN_FLIGHT }, async (_, index) => {
    const token = await portone.issueAccessToken({ user_id: `user-${index}` });
    return `Bearer ${token}`;
  }),
);
const oneCaller = callers.slice(0, 1);
const app = await NestFactory.create(await guardedModule(portone), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();

/** Runs the guard instance of a route, with a new context for each decision. */
function decisionOf(name) {
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype, instance } of module.controllers.values()) {
      const handler = metatype.prototype[name];
      const [guard] =
        (handler && Reflect.getMetadata('__guards__', handler)) ?? [];
      if (!guard) continue;
      const made = module.injectables.get(guard).instance;
      return (authorization) => {
        const request = {
          method: 'GET',
          url: `/${name}`,
          protocol: 'http',
          headers: { host: '127.0.0.1', authorization },
          rawHeaders: ['Host', '127.0.0.1', 'Authorization', authorization],
          get: (header) => request.headers[header.toLowerCase()],
          is: () => false,
        };
        const args = [request, {}, () => {}];
        const context = new ExecutionContextHost(
          args,
          instance.constructor,
          handler,
        );
        return made.canActivate(context);
      };
    }
  }
  throw new Error(`no guard on ${name}`);
}

/** Like Nest, awaits only results that are not booleans. */
async function usPerDecision(decide, count, authorizations) {
  let left = count;
  const worker = async (_, index) => {
    const authorization = authorizations[index % authorizations.length];
    while (left-- > 0) {
      const result = decide(authorization);
      const passed = typeof result === 'boolean' ? result : await result;
      if (!passed) throw new Error('denied');
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return ((performance.now() - startedAt) * 1000) / count;
}

/** One sample of each subject per round, without the first two rounds. Each round begins with another subject. */
async function sample(rounds, take) {
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds + 2; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      const value = await take(name);
      if (round >= 2) samples[name].push(value);
    }
  }
  return samples;
}

const decisions = Object.fromEntries(
  names.map((name) => [name, decisionOf(name)]),
);
const isQuick = (name) => name === 'empty' || name === 'service';
const decide = (authorizations) =>
  sample(15, (name) =>
    usPerDecision(
      decisions[name],
      isQuick(name) ? 50_000 : 1_000,
      authorizations,
    ),
  );
const load = fork(fileURLToPath(new URL('guard.load.mjs', import.meta.url)));
const request = (authorizations) =>
  sample(8, async (name) => {
    load.send({ url: `${url}/${name}`, authorizations, requests: 1_000 });
    const [ms] = await once(load, 'message');
    return 1_000_000 / ms;
  });

const usOfOne = await decide(oneCaller);
const usOfMany = await decide(callers);
const rateOfOne = await request(oneCaller);
const rateOfMany = await request(callers);
load.disconnect();

printTable(
  `Guards, ES256, ${IN_FLIGHT} in flight, medians of interleaved rounds`,
  names.map((name) => ({
    '': titles[name],
    'us/decision, 1 caller': median(usOfOne[name]).toFixed(2),
    '32 callers': median(usOfMany[name]).toFixed(2),
    'requests/s, 1 caller': Math.round(median(rateOfOne[name])),
    '32 callers ': Math.round(median(rateOfMany[name])),
  })),
);
await app.close();
await portone.stop();
