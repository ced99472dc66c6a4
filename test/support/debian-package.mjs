// What the tests need of the system and the machine has not: installed from Debian, when the tests run as root on Debian.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const POLICY = '/usr/sbin/policy-rc.d';
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @param {string[]} args */
const apt = (...args) =>
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-qq', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });

/**
 * Says in one line what it installs and why, and installs it. Does nothing on another system or without root.
 *
 * @param {string} name the Debian package
 * @param {string} reason such as `the tests talk to a real Redis and none is on PATH`
 */
export function installDebianPackage(name, reason) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  console.error(
    `npm test: installing the Debian package ${name} (apt-get), because ${reason}.`,
  );
  // Debian starts a service that it installs. Only the program is wanted, so services are forbidden meanwhile.
  const forbid = !existsSync(POLICY);
  // A signal would end this process with the policy still there: apt ends by it, and then comes the clean-up.
  for (const signal of SIGNALS) process.on(signal, () => undefined);
  if (forbid) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', name);
  } catch {
    // What apt said is on the terminal; what to do is said by the caller.
  } finally {
    if (forbid) rmSync(POLICY, { force: true });
  }
}
