/** The cost of importing the main entry in a process that has already loaded Nest, @nestjs/axios and axios. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, quantile } from './support/stats.mjs';
import { printTable } from './support/table.mjs';

const PROCESSES = 25;

const file = (path) => new URL(path, import.meta.url).href;
const probe = fileURLToPath(file('support/import-probe.mjs'));
const take = (entries) =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', probe, ...entries], {
      encoding: 'utf8',
    }),
  );

const ours = file('../../dist/index.js');
const validation = file('support/validation-peers.mjs');
const subjects = [
  { name: 'an empty module', entries: [file('support/empty-module.mjs')] },
  { name: 'class-validator + class-transformer', entries: [validation] },
  { name: 'nestjs-portone-auth', entries: [ours] },
  {
    name: 'nestjs-portone-auth, those two already loaded',
    entries: [validation, ours],
  },
].map((subject) => ({ ...subject, taken: [] }));

for (let i = 0; i < PROCESSES; i++) {
  for (const { entries, taken } of subjects) taken.push(take(entries));
}
printTable(
  `Import on top of Nest + axios, medians of ${PROCESSES} fresh processes each`,
  subjects.map(({ name, taken }) => {
    const ms = taken.map((sample) => sample.ms);
    return {
      '': name,
      ms: median(ms).toFixed(1),
      'middle half': `${quantile(ms, 0.25).toFixed(1)}-${quantile(ms, 0.75).toFixed(1)}`,
      'CPU ms': median(taken.map(({ cpuMs }) => cpuMs)).toFixed(1),
      'heap KiB': Math.round(median(taken.map(({ heap }) => heap)) / 1024),
    };
  }),
);
