// Runs before the tests: one of them needs an app on Nest 11, which has its own packages.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../nest-11/', import.meta.url));
const WANTED = `${FOLDER}package-lock.json`;
const INSTALLED = `${FOLDER}node_modules/.installed-lock.json`;

const isInstalled = () =>
  existsSync(INSTALLED) && readFileSync(INSTALLED).equals(readFileSync(WANTED));

if (!isInstalled())
  try {
    const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['ci', ...quietly], { cwd: FOLDER, stdio: 'inherit' });
    copyFileSync(WANTED, INSTALLED);
  } catch {
    console.error(
      'The packages of test/nest-11 could not be installed, so test/package/nest-11.spec.ts will fail. Try:\n  npm ci --prefix test/nest-11',
    );
  }
