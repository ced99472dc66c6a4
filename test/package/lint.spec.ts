import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Tarball } from './tarball.js';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/** What a checker says; it ends with another code than 0 when it has found something. */
const check = (tool: string, ...given: string[]): Promise<string> =>
  promisify(execFile)(join(BIN, tool), given, {
    env: { ...process.env, NO_COLOR: '1' },
  }).then(
    () => 'clean',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );

describe('The packed package passes', () => {
  let tarball: Tarball;

  beforeAll(async () => {
    tarball = await Tarball.install();
  }, 120_000);
  afterAll(() => tarball?.remove());

  it('publint, its suggestions included', async () => {
    const level = ['--level', 'suggestion', '--strict', '--pack', 'false'];
    expect(await check('publint', tarball.folder, ...level)).toBe('clean');
  });

  it('attw for every entry and every way to resolve it', async () => {
    // Node loads an ES module by `require()` from 20.19 on, which is the oldest version the package allows.
    const ignored = ['--ignore-rules', 'cjs-resolves-to-esm'];
    expect(await check('attw', tarball.archive, ...ignored)).toBe('clean');
  }, 60_000);

  it('finds the typings of every entry without `exports`, as older projects resolve', () => {
    const { typesVersions } = tarball.manifest;
    const subpaths = tarball.entries
      .map((entry) => entry.slice(tarball.manifest.name.length + 1))
      .filter((subpath) => subpath !== '');
    expect(Object.keys(typesVersions['*']).sort()).toEqual(subpaths.sort());
  });
});
