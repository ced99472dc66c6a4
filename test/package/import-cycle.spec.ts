import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

const lint = async (files: Record<string, string>): Promise<string> => {
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text);
  const config = join(ROOT, '.oxlintrc.json');
  const oxlint = join(ROOT, 'node_modules/.bin/oxlint');
  return promisify(execFile)(oxlint, ['-c', config, '--deny-warnings', folder])
    .then(() => 'clean')
    .catch(({ stdout }: { stdout: string }) => stdout);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cycle-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('the linter reports a cycle of imports', async () => {
  const found = await lint({
    'a.ts': "import { b } from './b.js';\nexport const a = () => b;\n",
    'b.ts': "import { a } from './a.js';\nexport const b = () => a;\n",
  });
  expect(found).toContain('import(no-cycle)');
});

it('the linter reports a cycle of type imports', async () => {
  const found = await lint({
    'a.ts': "import type { B } from './b.js';\nexport interface A { b: B }\n",
    'b.ts': "import type { A } from './a.js';\nexport interface B { a: A }\n",
  });
  expect(found).toContain('import(no-cycle)');
});

it('the linter accepts imports without a cycle', async () => {
  const found = await lint({
    'a.ts': "import { b } from './b.js';\nexport const a = () => b;\n",
    'b.ts': 'export const b = 1;\n',
  });
  expect(found).toBe('clean');
});
