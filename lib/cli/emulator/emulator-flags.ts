import type { CommandOptions, Given } from '../command/command.js';

/** The options of `emulator`, as `--help` shows them. */
export const EMULATOR_OPTIONS = {
  port: {
    type: 'string',
    short: 'p',
    value: 'PORT',
    about:
      'the port to listen on; 7788 by default, or any free one when it is taken',
  },
  host: {
    type: 'string',
    value: 'ADDRESS',
    about:
      'the address to listen on; 127.0.0.1 by default, so that only this machine can use it',
  },
  permission: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    about:
      'a permission of the tokens, or several separated by commas; all by default, none with ""',
  },
  lifetime: {
    type: 'string',
    value: 'TIME',
    about: 'how long access tokens live, such as 60, 30m or 1d; 30m by default',
  },
  'refresh-lifetime': {
    type: 'string',
    value: 'TIME',
    about: 'how long refresh tokens live; 1d by default',
  },
  clock: {
    type: 'string',
    value: 'OFFSET|TIME',
    about:
      'the clock of the emulator: +90m, -30s, or the time it starts at: 2026-01-31T23:59:00+09:00',
  },
  delay: {
    type: 'string',
    value: 'MS',
    about: 'milliseconds that every answer is delayed; 0 by default',
  },
  fail: {
    type: 'string',
    multiple: true,
    value: 'TARGET=FAULT',
    about: 'makes requests fail; see below',
  },
  secret: {
    type: 'string',
    value: 'SECRET',
    about: 'the API secret that logs in',
  },
  'webhook-secret': {
    type: 'string',
    value: 'SECRET',
    about: 'the secret that signs webhooks: whsec_ followed by base64',
  },
  merchant: {
    type: 'string',
    value: 'ID',
    about: 'the merchant of tokens and payments',
  },
  store: {
    type: 'string',
    value: 'ID',
    about: 'the store of tokens and payments',
  },
} as const satisfies CommandOptions;

/** The values that were given for these options. */
export type EmulatorGiven = Given<typeof EMULATOR_OPTIONS>;
