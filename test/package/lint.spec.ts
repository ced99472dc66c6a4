import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Tarball } from './tarball.js';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/** The findings of a tool, or `clean` when it exits with 0. */
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

  it('publint, including suggestions', async () => {
    const level = ['--level', 'suggestion', '--strict', '--pack', 'false'];
    expect(await check('publint', tarball.folder, ...level)).toBe('clean');
  });

  it('attw (Are The Types Wrong) for every entry and every module resolution', async () => {
    // `require()` of an ES module works from Node 20.19 on, which is the oldest version that the package allows.
    const ignored = ['--ignore-rules', 'cjs-resolves-to-esm'];
    expect(await check('attw', tarball.archive, ...ignored)).toBe('clean');
  }, 60_000);

  it('the check that typesVersions lists every entry, for projects that do not read `exports`', () => {
    const { typesVersions } = tarball.manifest;
    const subpaths = tarball.entries
      .map((entry) => entry.slice(tarball.manifest.name.length + 1))
      .filter((subpath) => subpath !== '');
    expect(Object.keys(typesVersions['*']).sort()).toEqual(subpaths.sort());
  });
});
