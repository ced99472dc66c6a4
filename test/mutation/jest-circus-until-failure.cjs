// jest-circus for one mutant: leaves out the spec files none of whose tests would run, and ends with the first test that fails:
// the mutant is dead then, and the other tests would only wait for their time limits.
// Stryker wants to read "jest-circus" in a runner's name.
const { createEmptyTestResult } = require('@jest/test-result');
const { default: circus } = require('jest-circus/runner');
const { hasKilled } = require('./killers-first.cjs');
const { names, save } = require('./memory.cjs');

const SKIPPED = {
  ...createEmptyTestResult(),
  numPendingTests: 1,
  testResults: [
    {
      ancestorTitles: [],
      failureMessages: [],
      fullName: 'not needed any more',
      title: 'not needed any more',
      status: 'pending',
    },
  ],
};

/** The configuration object of the last run that failed; each run has one of its own. */
let failedRun;

const skipAll = (block) => {
  for (const child of block.children) {
    if (child.type === 'test') child.mode = 'skip';
    else skipAll(child);
  }
};

const isWanted = ({ testNamePattern }, path) => {
  if (!testNamePattern || !names[path]) return true;
  const pattern = new RegExp(testNamePattern, 'i');
  return names[path].some((name) => pattern.test(name));
};

module.exports = async (run, config, environment, runtime, path, ...rest) => {
  if (run === failedRun || !isWanted(run, path)) return { ...SKIPPED };
  const { handleTestEvent } = environment;
  environment.handleTestEvent = async (event, state) => {
    await handleTestEvent?.call(environment, event, state);
    if (event.name === 'test_done' && event.test.errors.length > 0) {
      if (run !== failedRun) hasKilled(path);
      failedRun = run;
      skipAll(state.rootDescribeBlock);
    }
  };
  const result = await circus(run, config, environment, runtime, path, ...rest);
  if (!names[path] && result.testResults.length > 0) {
    names[path] = result.testResults.map(({ fullName }) => fullName);
    save();
  }
  return result;
};
