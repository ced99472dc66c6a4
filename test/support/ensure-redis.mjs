// Runs before the tests: they talk to a real Redis, and none of them is skipped without one.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const POLICY = '/usr/sbin/policy-rc.d';
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

const hasRedis = () =>
  ['redis-server', 'valkey-server'].some(
    (program) => spawnSync(program, ['--version']).status === 0,
  );

/** @param {string[]} args */
const apt = (...args) =>
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-qq', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });

/** Debian starts a service that it installs. Only the program is wanted, so services are forbidden meanwhile. */
function install() {
  console.error(
    'npm test: installing the Debian package redis-server (apt-get), because the tests talk to a real Redis and none is on PATH.',
  );
  const forbid = !existsSync(POLICY);
  // A signal would end this process with the policy still there: apt ends by it, and then comes the clean-up.
  for (const signal of SIGNALS) process.on(signal, () => undefined);
  if (forbid) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'redis-server');
  } catch {
    // What apt said is on the terminal; what to do is said below.
  } finally {
    if (forbid) rmSync(POLICY, { force: true });
  }
}

const mayInstall = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version');

if (!hasRedis() && mayInstall()) install();
if (!hasRedis()) {
  console.error(
    'The tests need redis-server or valkey-server on PATH. Install it with:\n  sudo apt-get install -y redis-server',
  );
  process.exitCode = 1;
}
