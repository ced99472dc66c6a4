import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { runCli } from '../../support/cli.js';

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as {
  version: string;
};

it.each([
  [
    ['--help'],
    /^Usage: npx nestjs-portone-auth COMMAND[^]*emulator[^]*whoami[^]*doctor/,
  ],
  [
    ['help', 'emulator'],
    /^Usage: npx nestjs-portone-auth emulator[^]*--port[^]*--fail/,
  ],
  [['emulator', '--help'], /^Usage: npx nestjs-portone-auth emulator/],
  [['emulator', '-h'], /^Usage: npx nestjs-portone-auth emulator/],
  [
    ['whoami', '--help'],
    /^Usage: npx nestjs-portone-auth whoami[^]*--base-url/,
  ],
  [
    ['doctor', '--help'],
    /^Usage: npx nestjs-portone-auth doctor[^]*--redis-url/,
  ],
  [['--version'], RegExp(`^${version}\n$`)],
  [['whoami', '--version'], RegExp(`^${version}\n$`)],
])('%j answers on stdout with exit code 0', async (args, answer) => {
  const { code, out, err } = await runCli(args);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(answer);
});

it.each([
  [['emulater'], 'There is no such command; did you mean `emulator`?'],
  [
    ['xyz'],
    'There is no such command; the commands are: emulator, whoami, doctor. See --help.',
  ],
  [
    ['--verson'],
    '--verson is not an option of `nestjs-portone-auth`; did you mean --version?',
  ],
  [
    ['emulator', '--prot', '80'],
    '--prot is not an option of `emulator`; did you mean --port?',
  ],
  [
    ['emulator', '--lifetme=60'],
    '--lifetme is not an option of `emulator`; did you mean --lifetime?',
  ],
  [
    ['whoami', '--baseUrl=x'],
    '--baseUrl is not an option of `whoami`; did you mean --base-url?',
  ],
  [['emulator', '--port'], '--port needs a value: --port=PORT'],
  [
    ['emulator', '--clock', '-5m'],
    '--clock needs a value: --clock=OFFSET|TIME',
  ],
  [['whoami', '--json=yes'], '--json takes no value.'],
  [
    ['emulator', '--port', '80a'],
    '--port must be a whole number from 0 to 65535.',
  ],
  [
    ['emulator', '--port', '65536'],
    '--port must be a whole number from 0 to 65535.',
  ],
  [
    ['emulator', '--lifetime', '0'],
    '--lifetime must be a time such as 60 (seconds), 30m, 12h or 1d, at least 1 second and at most ten years.',
  ],
  [
    ['emulator', '--clock', 'noon'],
    '--clock must be an offset such as +90m or -30s (--clock=-30s), or a time such as 2026-01-31T23:59:00+09:00.',
  ],
  [
    ['emulator', '--permission', 'tx read'],
    '--permission must be a name in capitals, such as TX_READ, or several: TX_READ,TX_UPDATE',
  ],
  [
    ['emulator', '--fail', '503'],
    '--fail must be TARGET=FAULT or TARGET=FAULT*TIMES, such as tokens=503 or api=401*2.',
  ],
  [
    ['emulator', '--fail', 'nowhere=503'],
    /^The target of --fail must be login, refresh, tokens, api, jwks, a method/,
  ],
  [
    ['emulator', '--fail', 'api=boom'],
    /^The fault of --fail must be a status from 300 to 599, delay:MS, or one of hang/,
  ],
  [
    ['emulator', '--fail', 'api=expired-tokens'],
    'The fault expired-tokens is for the targets login, refresh and tokens only.',
  ],
  [['emulator', '--secret', ' '], '--secret must not be empty.'],
  [['emulator', '--webhook-secret', 'whsec_?'], /^--webhook-secret must/],
  [
    ['whoami', '--base-url', 'http://example.com'],
    /^--base-url must be an https URL/,
  ],
  [
    ['doctor', '--dotenv', 'missing.env'],
    '--dotenv names missing.env, which cannot be read.',
  ],
])('%j ends with exit code 2 and one sentence', async (args, sentence) => {
  const { code, out, err } = await runCli(args);
  expect([code, out]).toEqual([2, '']);
  expect(err.trimEnd()).not.toContain('\n');
  if (typeof sentence === 'string') expect(err).toBe(`${sentence}\n`);
  else expect(err).toMatch(sentence);
});

it('shows the help on stderr with exit code 2 when no command is given', async () => {
  const { code, out, err } = await runCli([]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^Usage: /);
});

it.each([
  ['an argument', ['whoami', 'secret-of-the-shop']],
  [
    'the value of an unknown option',
    ['whoami', '--apiSecret=secret-of-the-shop'],
  ],
  ['a command', ['secret-of-the-shop']],
])('never repeats %s, which may be a secret', async (_, args) => {
  const { code, out, err } = await runCli(args);
  expect(code).toBe(2);
  expect(`${out}${err}`).not.toContain('secret-of-the-shop');
});
