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
let output: string;

/** The text of every page in a folder, by its path. */
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
  output = `${stdout}${stderr}`;
}, 120_000);
afterAll(() => rm(fresh, { recursive: true }));

it('every exported name and each of its fields is documented', () => {
  expect(output.match(/.*\[(warning|error)\].*/g) ?? []).toEqual([]);
});

it('docs/api is up to date with the docstrings; `npm run docs:api` writes it', async () => {
  const committed = await pagesIn(join(ROOT, 'docs/api'));
  expect(Object.entries(committed)).toEqual(
    Object.entries(await pagesIn(fresh)),
  );
});

it('the reference has a page for each entry, with every name of it', async () => {
  const pages = await pagesIn(fresh);
  for (const [entry, names] of Object.entries(PUBLIC_NAMES)) {
    const missing = names.filter(
      (name) => !pages[`${entry}.md`]?.includes(name),
    );
    expect([entry, missing]).toEqual([entry, []]);
  }
});

it('the reference contains no path of the machine that generated it', async () => {
  const pages = Object.values(await pagesIn(fresh)).join('\n');
  expect(pages).not.toContain(ROOT);
  expect(pages).not.toMatch(/\]\(https?:[^)]*\/blob\//);
});
