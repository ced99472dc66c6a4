#!/usr/bin/env node
import { run } from './run.js';
import { processTerminal } from './command/terminal.js';

// process.exit() would cut off output that is still on its way into a pipe.
run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
