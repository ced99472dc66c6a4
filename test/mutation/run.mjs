// Mutates the named folders (all of them without a name), and runs the specs of each folder.
//   npm run mutation -- permission store
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SPECS = {
  // The effect of 401s on the token is tested in the specs of http.
  token: [
    'unit/token/*',
    'e2e/token/*',
    'unit/http/*',
    'e2e/http/{revoked,unhealed,healthy-endpoints,waiting}',
  ],
  call: ['unit/http/*', 'e2e/{call,fetch,http}/*', 'hostile/*'],
  http: ['unit/http/*', 'e2e/http/*', 'hostile/*'],
  permission: ['unit/permission/*', 'e2e/permission/*', 'hostile/*'],
  store: ['unit/store/*', 'unit/token/*', 'e2e/token/*'],
  redis: ['unit/store/*', 'e2e/redis/*'],
};

const configOf = (folder) => ({
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    '--expose-gc',
    '--max-semi-space-size=64',
  ],
  coverageAnalysis: 'perTest',
  mutate: [`lib/${folder}/**/*.ts`],
  ignorePatterns: ['dist', 'test/bench', 'test/mutation'],
  tempDirName: `test/mutation/.sandbox/${folder}`,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: `test/mutation/report/${folder}.json` },
  clearTextReporter: { reportTests: false, logTests: false, allowColor: false },
  concurrency: 2,
  // Jest does not free all memory of loaded modules, and a heap of gigabytes is slow.
  maxTestRunnerReuse: 15,
  // Only an endless loop should exceed this limit, not a surviving mutant with many spec files.
  timeoutMS: 30_000,
  ignoreStatic: true,
  disableTypeChecks: false,
  jest: {
    enableFindRelatedTests: false,
    config: {
      testMatch: SPECS[folder].map(
        (specs) => `<rootDir>/test/${specs}.spec.ts`,
      ),
      testRunner: here('jest-circus-until-failure.cjs'),
      testSequencer: here('killers-first.cjs'),
      testTimeout: 6_000,
    },
  },
});

const named = process.argv.slice(2);
const unknown = named.filter((folder) => !(folder in SPECS));
if (unknown.length > 0)
  throw new Error(`No folder ${unknown}. There are ${Object.keys(SPECS)}.`);

mkdirSync(here('report'), { recursive: true });
for (const folder of named.length > 0 ? named : Object.keys(SPECS)) {
  const config = here(`report/${folder}.config.json`);
  writeFileSync(config, JSON.stringify(configOf(folder), null, 2));
  execFileSync(
    process.execPath,
    [here('node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', config],
    {
      cwd: here('../..'),
      stdio: 'inherit',
    },
  );
}
