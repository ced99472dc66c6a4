// jest-circus for one mutant. It skips spec files without a test for the mutant, and stops at the first failed test: the mutant is
// killed then, and the other tests would only wait for their time limits.
// Stryker requires "jest-circus" in the name of a runner.
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

/** The configuration object of the last run that failed. Each run has its own object. */
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
