// A Jest environment that skips the rest of a spec file once one of its tests has failed: the mutant is dead, and its
// other tests would only wait for their time limits.
const { TestEnvironment } = require('jest-environment-node');

const skipAll = (block) => {
  for (const child of block.children) {
    if (child.type === 'test') child.mode = 'skip';
    else skipAll(child);
  }
};

module.exports = class extends TestEnvironment {
  handleTestEvent(event, { rootDescribeBlock }) {
    if (event.name === 'test_done' && event.test.errors.length > 0)
      skipAll(rootDescribeBlock);
  }
};
