// Installs a program that the tests need and the machine lacks, when the tests run as root on Debian.
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
 * Prints one line with what it installs and why, and installs it. Does nothing on another system or without root.
 *
 * @param {string} name the Debian package
 * @param {string} reason such as `the tests talk to a real Redis and none is on PATH`
 */
export function installDebianPackage(name, reason) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  console.error(
    `npm test: installing the Debian package ${name} (apt-get), because ${reason}.`,
  );
  // Debian starts a service when it installs it. Only the program is needed, so this policy forbids services during the installation.
  const forbid = !existsSync(POLICY);
  // With a listener, a signal does not end this process before the policy is removed. The signal ends apt, and then `finally` runs.
  for (const signal of SIGNALS) process.on(signal, () => undefined);
  if (forbid) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', name);
  } catch {
    // apt has printed its error. The caller checks for the program and says what to do.
  } finally {
    if (forbid) rmSync(POLICY, { force: true });
  }
}
