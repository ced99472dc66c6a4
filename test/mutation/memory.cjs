// Passes facts from one worker to the next, in a file of the sandbox, which is the directory of the workers.
const { readFileSync, writeFileSync } = require('node:fs');

const FILE = '.learned.json';

const read = () => {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return {};
  }
};

/** By the path of a spec file: the full names of its tests, and how many mutants it has killed lately. */
const { names = {}, kills = {} } = read();

const save = () => writeFileSync(FILE, JSON.stringify({ names, kills }));

module.exports = { names, kills, save };
