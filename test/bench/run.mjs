/** Runs all benchmarks, or the named ones (`npm run bench -- attach storm`), one after another. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const found = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
if (found.length === 0) throw new Error(`no such benchmark: ${wanted}`);

for (const name of found) {
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', `${folder}${name}.bench.mjs`],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exitCode = 1;
}
