#!/usr/bin/env node
import { run } from './run.js';
import { processTerminal } from './command/terminal.js';

// process.exit() could end the process before a pipe has received all output.
run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
