#!/usr/bin/env node
import { run } from './run.js';
import { processTerminal } from './terminal.js';

// Not process.exit(): what was written to a pipe must arrive.
run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
