// Runs before the tests: they need a real Redis, and no test is skipped when there is none.
import { spawnSync } from 'node:child_process';
import { installDebianPackage } from './debian-package.mjs';

const hasRedis = () =>
  ['redis-server', 'valkey-server'].some(
    (program) => spawnSync(program, ['--version']).status === 0,
  );

if (!hasRedis())
  installDebianPackage(
    'redis-server',
    'the tests talk to a real Redis and none is on PATH',
  );
if (!hasRedis()) {
  console.error(
    'The tests need redis-server or valkey-server on PATH. Install it with:\n  sudo apt-get install -y redis-server',
  );
  process.exitCode = 1;
}
