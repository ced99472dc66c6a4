// Runs before the tests: one of them needs an app on Nest 11, with packages of its own.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../nest-11', import.meta.url));

/** @param {string} file */
const changedAt = (file) =>
  statSync(`${FOLDER}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes the one inside when it has installed everything.
if (
  changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')
)
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: FOLDER,
    stdio: 'inherit',
  });
