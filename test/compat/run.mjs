// `npm run compat`: loads every entry of the packed package and runs one app with it, from ES modules and from CommonJS, on Nest 11
// and 12, with Node 20, 22 and 24. Not part of CI, because it downloads all of these. Takes one to two minutes.
// `npm run compat -- 24` tests one version of Node.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NESTS = [11, 12];
const NODES = process.argv.length > 2 ? process.argv.slice(2) : [20, 22, 24];

const folder = mkdtempSync(join(tmpdir(), 'compat-'));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const { name, version, peerDependencies } = manifest;
const entries = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => join(name, subpath));

function install(project, dependencies) {
  mkdirSync(project);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ private: true, dependencies }),
  );
  run('npm', ['i', '--no-audit', '--no-fund', '--loglevel=error'], project);
}

/** A project with the package and all its peers, also optional ones, in the oldest or the newest major version it allows. */
function projectOn(nest) {
  const project = join(folder, `nest-${nest}`);
  const pick = (range) => range.split(' || ').at(nest === NESTS[0] ? 0 : -1);
  const peers = Object.entries(peerDependencies).map(([peer, range]) => [
    peer,
    pick(range),
  ]);
  install(project, {
    [name]: `file:${join(folder, `${name}-${version}.tgz`)}`,
    ...Object.fromEntries(peers),
    '@nestjs/platform-express': `^${nest}.0.0`,
  });
  copyFileSync(
    join(ROOT, 'test/compat/program.cjs'),
    join(project, 'program.cjs'),
  );
  const given = JSON.stringify(entries);
  writeFileSync(
    join(project, 'esm.mjs'),
    `import program from './program.cjs';
await program((name) => import(name), ${given});`,
  );
  writeFileSync(
    join(project, 'commonjs.cjs'),
    `require('./program.cjs')(require, ${given});`,
  );
  return project;
}

function nodeOf(major) {
  const project = join(folder, `node-${major}`);
  install(project, { node: String(major) });
  return join(project, 'node_modules/node/bin/node');
}

function run(command, args, cwd) {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

let failed = 0;
try {
  run('npm', ['pack', '--pack-destination', folder], ROOT);
  const projects = NESTS.map((nest) => [nest, projectOn(nest)]);
  for (const major of NODES) {
    const node = nodeOf(major);
    const exact = run(node, ['--version'], folder).trim();
    for (const [nest, project] of projects)
      for (const program of ['esm.mjs', 'commonjs.cjs']) {
        const title = `Node ${exact}, Nest ${nest}, ${program}`;
        try {
          run(node, ['--no-warnings', program], project);
          console.log(`ok      ${title}: ${entries.length} entries, one app`);
        } catch (error) {
          failed += 1;
          console.log(`FAILED  ${title}\n${error.stderr || error.message}`);
        }
      }
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;
