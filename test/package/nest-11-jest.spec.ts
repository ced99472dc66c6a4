import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Tarball } from './tarball.js';

const NEST_11 = fileURLToPath(new URL('../nest-11', import.meta.url));

/** The settings that `nest new` 11 writes, without the line that the manual adds. */
const JEST = {
  moduleFileExtensions: ['js', 'json', 'ts'],
  rootDir: 'src',
  testRegex: '.*\\.spec\\.ts$',
  transform: { '^.+\\.(t|j)s$': 'ts-jest' },
  testEnvironment: 'node',
};
const LINE = ['node_modules/(?!(nestjs-portone-auth|jose)/)'];
const LINE_OF_PNPM = ['node_modules/(?!(.pnpm|nestjs-portone-auth|jose)/)'];
const TSCONFIG = {
  compilerOptions: {
    module: 'commonjs',
    declaration: true,
    removeComments: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    allowSyntheticDefaultImports: true,
    target: 'ES2023',
    sourceMap: true,
    outDir: './dist',
    baseUrl: './',
    incremental: true,
    skipLibCheck: true,
    strictNullChecks: true,
  },
};

let tarball: Tarball;

beforeAll(async () => {
  tarball = await Tarball.install(NEST_11);
  for (const name of [
    '@nestjs/platform-express',
    '@nestjs/testing',
    '@types',
    'jest',
    'ts-jest',
    'typescript',
  ])
    await tarball.link(name);
  const src = join(tarball.project, 'src');
  await mkdir(src);
  await cp(
    join(NEST_11, 'payments.spec-of-an-app.ts'),
    join(src, 'payments.spec.ts'),
  );
  const tsconfig = JSON.stringify(TSCONFIG);
  await writeFile(join(tarball.project, 'tsconfig.json'), tsconfig);
}, 240_000);
afterAll(() => tarball?.remove());

/** Runs Jest in the project. Returns its report. */
async function jest(settings: object): Promise<string> {
  const manifest = JSON.stringify({ name: 'an-app', jest: settings });
  await writeFile(join(tarball.project, 'package.json'), manifest);
  const bin = join(tarball.project, 'node_modules/jest/bin/jest.js');
  const { PATH } = process.env;
  return promisify(execFile)(process.execPath, [bin, '--runInBand'], {
    cwd: tarball.project,
    env: { PATH },
  }).then(
    ({ stderr }) => stderr,
    ({ stderr }: { stderr: string }) => stderr,
  );
}

it('The Jest settings that Nest 11 generates run a spec of an app with one more line, which the manual shows', async () => {
  const report = await jest({ ...JEST, transformIgnorePatterns: LINE });
  expect(report).toContain('Tests:       2 passed, 2 total');
}, 240_000);

it('With pnpm the line names its folder too', async () => {
  const { folder, project } = tarball;
  const store = join(project, 'node_modules/.pnpm/nestjs-portone-auth@0');
  const kept = join(store, 'node_modules/nestjs-portone-auth');
  await mkdir(dirname(kept), { recursive: true });
  await rename(folder, kept);
  await symlink(kept, folder);
  const npm = await jest({ ...JEST, transformIgnorePatterns: LINE });
  const settings = { ...JEST, transformIgnorePatterns: LINE_OF_PNPM };
  const pnpm = await jest(settings);
  await rm(folder);
  await rename(kept, folder);
  expect(npm).toContain('Must use import to load ES Module');
  expect(pnpm).toContain('Tests:       2 passed, 2 total');
}, 240_000);

it('Without that line Jest cannot load the package', async () => {
  expect(await jest(JEST)).toContain('Must use import to load ES Module');
}, 240_000);
