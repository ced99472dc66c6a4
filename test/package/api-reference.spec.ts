import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PUBLIC_NAMES } from './public-names.js';
import { ROOT } from './readme.js';

const TYPEDOC = join(ROOT, 'node_modules/typedoc/bin/typedoc');

let fresh: string;
let said: string;

/** Every page of a reference, by its path. */
async function pagesIn(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true });
  const pages = files.filter((file) => file.endsWith('.md')).sort();
  const texts = await Promise.all(
    pages.map((file) => readFile(join(folder, file), 'utf8')),
  );
  return Object.fromEntries(pages.map((file, at) => [file, texts[at]!]));
}

beforeAll(async () => {
  fresh = await mkdtemp(join(tmpdir(), 'api-reference-'));
  const options = ['--options', '.typedoc.json', '--out', fresh];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [TYPEDOC, ...options],
    { cwd: ROOT },
  ).catch((failed: { stdout: string; stderr: string }) => failed);
  said = `${stdout}${stderr}`;
}, 120_000);
afterAll(() => rm(fresh, { recursive: true }));

it('every name that the package exports, and every field of it, is documented', () => {
  expect(said.match(/.*\[(warning|error)\].*/g) ?? []).toEqual([]);
});

it('the reference in docs/api is what the docstrings say; `npm run docs:api` writes it', async () => {
  const committed = await pagesIn(join(ROOT, 'docs/api'));
  expect(Object.entries(committed)).toEqual(
    Object.entries(await pagesIn(fresh)),
  );
});

it('the reference has a page for each entry, and every name on it', async () => {
  const pages = await pagesIn(fresh);
  for (const [entry, names] of Object.entries(PUBLIC_NAMES)) {
    const missing = names.filter(
      (name) => !pages[`${entry}.md`]?.includes(name),
    );
    expect([entry, missing]).toEqual([entry, []]);
  }
});

it('the reference names no folder of the machine that it was made on', async () => {
  const pages = Object.values(await pagesIn(fresh)).join('\n');
  expect(pages).not.toContain(ROOT);
  expect(pages).not.toMatch(/\]\(https?:[^)]*\/blob\//);
});
