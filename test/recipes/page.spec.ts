import { afterAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { emulator } from '../../lib/cli/emulator/emulator.command.js';
import { Page, ROOT } from '../package/readme.js';
import { freePort } from '../support/free-port.js';
import { Recipe } from './run-recipe.js';

const page = await Page.read('docs/deploy.md');
const blocks = (language: string) =>
  [...page.text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text!);
const [kubernetes, compose] = blocks('yaml').map((text) => parse(text));

/** PortOne may take 60 s for a refund. */
const REFUND_S = 60;

afterAll(() => Recipe.killAll());

it('Each code block in docs/deploy.md is a recipe that the tests run', async () => {
  const files = [
    'pino',
    'worker',
    'server',
    'serverless',
    'rotation',
    'retries',
  ];
  const recipes = await Promise.all(
    files.map((name) =>
      readFile(join(ROOT, 'test/recipes', `${name}.ts`), 'utf8'),
    ),
  );
  expect(page.snippets.map(({ code }) => code)).toEqual(recipes);
});

it('The time limits for a shutdown are longer than a refund', () => {
  const { terminationGracePeriodSeconds, containers } =
    kubernetes.spec.template.spec;
  const { preStop } = containers[0].lifecycle;
  expect(terminationGracePeriodSeconds - preStop.sleep.seconds).toBeGreaterThan(
    REFUND_S,
  );
  const module = { exports: {} as { apps: Record<string, unknown>[] } };
  runInNewContext(blocks('js')[0]!, { module });
  const [app] = module.exports.apps;
  expect(app).toMatchObject({ exec_mode: 'cluster' });
  expect(app!['kill_timeout']).toBeGreaterThan(REFUND_S * 1_000);
});

it('The probes call routes of the recipe', async () => {
  const { readinessProbe, livenessProbe } =
    kubernetes.spec.template.spec.containers[0];
  const server = await readFile(join(ROOT, 'test/recipes/server.ts'), 'utf8');
  for (const { httpGet } of [readinessProbe, livenessProbe])
    expect(server).toContain(`@Get('${httpGet.path.slice(1)}')`);
});

it('The commands of the compose file work without Docker: emulator, health check, app', async () => {
  const { portone, app } = compose.services;
  const port = await freePort();
  const here = (text: string) => text.replaceAll('7788', String(port));
  const [, name, ...given] = here(portone.command).split(' ').slice(1);
  expect(name).toBe(emulator.name);
  const emulated = await Recipe.run('../../lib/cli/bin.ts', [name!, ...given]);
  await emulated.saying(`http://127.0.0.1:${port}`);
  const [, ...check] = portone.healthcheck.test as string[];
  expect(check.shift()).toBe('node');
  await promisify(execFile)(process.execPath, check.map(here));
  const environment = Object.entries(app.environment as object);
  const env = Object.fromEntries(
    environment
      .filter(([variable]) => variable !== 'PORT')
      .map(([variable, value]) => [variable, here(String(value))]),
  );
  const shop = await Recipe.run('server.ts', [], env);
  await shop.listening();
  expect((await fetch(`${shop.url}/health/ready`)).status).toBe(200);
  expect(app.network_mode).toBe('service:portone');
  expect(portone.ports).toEqual([`127.0.0.1:3000:${app.environment.PORT}`]);
}, 120_000);
