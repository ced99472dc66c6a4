import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CliProcess, runCli } from '../support/cli.js';
import { packagesLoadedBy } from './imports.js';
import { ROOT } from './readme.js';
import { Tarball } from './tarball.js';

const run = promisify(execFile);
let tarball: Tarball;
let project: string;
let program: readonly string[];

/** A project in which npm has installed the tarball and jose, but no other dependency or peer. */
beforeAll(async () => {
  tarball = await Tarball.install();
  project = await mkdtemp(join(tmpdir(), 'cli-alone-'));
  const jose = join(project, 'jose');
  await cp(join(ROOT, 'node_modules/jose'), jose, { recursive: true });
  const manifest = {
    name: 'alone',
    private: true,
    dependencies: { jose: 'file:jose' },
  };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quiet, tarball.archive], { cwd: project });
  program = [join(project, 'node_modules/.bin/nestjs-portone-auth')];
}, 180_000);
afterAll(async () => {
  await tarball?.remove();
  await rm(project, { recursive: true, force: true });
});

it('The command line is installed by npm and needs no package but jose', async () => {
  const bin = join(project, 'node_modules/nestjs-portone-auth/dist/cli/bin.js');
  expect([...(await packagesLoadedBy(bin))]).toEqual(['jose']);
  expect(
    (await readFile(bin, 'utf8')).startsWith('#!/usr/bin/env node\n'),
  ).toBe(true);
  const { version } = tarball.manifest;
  expect(await runCli(['--version'], { program })).toEqual({
    code: 0,
    out: `${version}\n`,
    err: '',
  });
});

it('The commands emulator, whoami and doctor work together without Nest and axios', async () => {
  const emulator = new CliProcess(
    ['emulator', '--port', '0', '--permission', 'TX_READ'],
    { program },
  );
  const [, env] = await emulator.said(
    /((?:.*PORTONE_\w+=.*\n)+)[^]*In a Nest app/,
  );
  await writeFile(join(project, '.env'), env!.replace(/^ +/gm, ''));
  const { code, out, err } = await runCli(['whoami'], {
    program,
    cwd: project,
  });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/permissions +TX_READ\n/);
  const checked = await runCli(['doctor'], { program, cwd: project });
  expect([checked.code, checked.err]).toEqual([0, '']);
  expect((await emulator.end('SIGINT')).code).toBe(0);
});

it('npx finds the command line in the project', async () => {
  const { stdout } = await run(
    'npx',
    ['--offline', 'nestjs-portone-auth', '--help'],
    { cwd: project },
  );
  expect(stdout).toMatch(/^Usage: npx nestjs-portone-auth COMMAND/);
});

it('The command line prints no stack trace when the reader of its output has closed the pipe', async () => {
  const { stdout } = await run('sh', [
    '-c',
    `${program[0]} emulator --help | true; ${program[0]} --version`,
  ]);
  expect(stdout).toBe(`${tarball.manifest.version}\n`);
});
