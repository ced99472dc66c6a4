/** Loads what every Nest app with @nestjs/axios loads, then imports the given entries. Prints the cost of the last one. */
import '@nestjs/axios';
import '@nestjs/core';
import 'axios';

const entries = process.argv.slice(2);
const measured = entries.pop();
for (const entry of entries) await import(entry);

globalThis.gc();
const heapBefore = process.memoryUsage().heapUsed;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await import(measured);
const ms = performance.now() - startedAt;
const cpu = process.cpuUsage(cpuBefore);
globalThis.gc();
console.log(
  JSON.stringify({
    ms,
    cpuMs: (cpu.user + cpu.system) / 1000,
    heap: process.memoryUsage().heapUsed - heapBefore,
  }),
);
