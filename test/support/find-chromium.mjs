import { spawnSync } from 'node:child_process';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** @param {string | undefined} program */
const runs = (program) =>
  program !== undefined && spawnSync(program, ['--version']).status === 0;

/** The path of the browser: CHROMIUM_PATH, or else a Chromium or Chrome on PATH; undefined when there is none. */
export function findChromium() {
  const { CHROMIUM_PATH: given } = process.env;
  const name = given ?? NAMES.find(runs);
  if (!runs(name)) return undefined;
  if (given) return given;
  return spawnSync('which', [name]).stdout.toString().trim();
}
