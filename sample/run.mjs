// Builds the package and the samples, then runs a program of a sample, such as: node sample/run.mjs 01-quick-start/src/main.js
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [program, ...args] = process.argv.slice(2);

if (!existsSync(`${ROOT}node_modules/typescript`)) {
  console.error('The packages of this repository are missing. Run: npm ci');
  process.exit(1);
}

// Ctrl-C reaches the program too, which shuts down in its own way. Without a listener this process would end before it.
process.on('SIGINT', () => undefined);

await build();
const child = spawn(
  process.execPath,
  [fileURLToPath(new URL(`dist/${program}`, import.meta.url)), ...args],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { PORTONE_EMULATOR: '1', ...process.env },
  },
);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code) => (process.exitCode = code ?? 1));

/** Shows one line. Shows the log of the build only when the build fails. */
async function build() {
  const { isTTY } = process.stdout;
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const what = 'Building the package and the samples';
  const show = () => process.stdout.write(`\r${what} … ${seconds()} s`);
  if (isTTY) show();
  else console.log(`${what}; this takes some seconds …`);
  const timer = isTTY ? setInterval(show, 1000) : undefined;

  const { log, code } = await run('npm', ['run', '-s', 'sample:build']);
  clearInterval(timer);
  if (isTTY) process.stdout.write('\r\u001b[K');
  if (code !== 0) {
    console.error(`${log}\nThe build failed.`);
    process.exit(1);
  }
  console.log(`Built in ${seconds()} s.\n`);
}

function run(command, words) {
  return new Promise((resolve) => {
    // npm is a script on Windows.
    const shell = process.platform === 'win32';
    const built = spawn(command, words, { cwd: ROOT, shell });
    let log = '';
    for (const stream of [built.stdout, built.stderr])
      stream.on('data', (chunk) => (log += chunk));
    built.once('close', (code) => resolve({ log, code }));
  });
}
