// The order of spec files: those first that are quick, and have killed mutants lately: the next one is most often beside the last.
const { default: Sequencer } = require('@jest/test-sequencer');
const { kills, save } = require('./memory.cjs');

const FORGETS = 0.8;

const costOf = ({ path, duration = 1_000 }) =>
  duration / (0.05 + (kills[path] ?? 0));

module.exports = class extends Sequencer {
  sort(tests) {
    // Reads what is known of durations, as a side effect.
    super.sort(tests);
    return [...tests].sort((a, b) => costOf(a) - costOf(b));
  }
};

module.exports.hasKilled = (path) => {
  for (const other of Object.keys(kills)) kills[other] *= FORGETS;
  kills[path] = (kills[path] ?? 0) + 1;
  save();
};
