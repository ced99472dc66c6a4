import TestRunner from 'jest-runner';

const IN_REAL_TIME =
  /\/test\/(e2e\/(boot\/alive|demo|fleet|live|redis)|hostile\/redis-|recipes)/;

/** Runs the specs that measure real time after all other specs, and one after another: otherwise they slow each other down. */
export default class RealTimeLast extends TestRunner {
  async runTests(tests, watcher, options) {
    const inRealTime = tests.filter(({ path }) => IN_REAL_TIME.test(path));
    const others = tests.filter((test) => !inRealTime.includes(test));
    if (others.length > 0) await super.runTests(others, watcher, options);
    if (inRealTime.length === 0) return;
    await super.runTests(inRealTime, watcher, { ...options, serial: true });
  }
}
