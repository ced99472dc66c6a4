import { nearest } from '../../errors/nearest-name.js';
import type { PortOneEmulatorOptions } from '../../testing/emulator-options.js';
import { ALL_PERMISSIONS } from '../../testing/tokens/all-permissions.js';
import { wrongUsage } from '../command/cli-error.js';
import { readDuration } from '../command/duration.js';
import type { EmulatorGiven } from './emulator-flags.js';

/** The default port. It is fixed, so that a base URL in `.env` is still right after a restart. */
export const DEFAULT_PORT = 7788;
/** Ten years: the longest lifetime that the module accepts. */
const MAX_LIFETIME_S = 315_576_000;

/** The options of the emulator. Throws CliError that names the option and the cure. */
export function emulatorOptions(
  given: EmulatorGiven,
  now: () => number = Date.now,
): PortOneEmulatorOptions {
  const { port, host, permission, lifetime, clock, delay } = given;
  const refreshLifetime = given['refresh-lifetime'];
  return {
    port:
      port === undefined
        ? DEFAULT_PORT
        : wholeNumber('--port', port, 0, 65_535),
    ...optional('host', text('--host', host)),
    ...(permission && { permissions: permissionNames(permission) }),
    ...(lifetime && { accessTokenLifetime: seconds('--lifetime', lifetime) }),
    ...(refreshLifetime && {
      refreshTokenLifetime: seconds('--refresh-lifetime', refreshLifetime),
    }),
    ...(clock && { clock: clockOf(clock, now) }),
    ...(delay && { responseDelay: wholeNumber('--delay', delay, 0, 600_000) }),
    ...optional('apiSecret', text('--secret', given.secret)),
    ...optional(
      'webhookSecret',
      text('--webhook-secret', given['webhook-secret']),
    ),
    ...optional('merchantId', text('--merchant', given.merchant)),
    ...optional('storeId', text('--store', given.store)),
  };
}

/** A warning for each permission that PortOne does not document. The emulator still grants it. */
export const unknownPermissions = (names: readonly string[]): string[] =>
  names
    .filter((name) => !ALL_PERMISSIONS.includes(name))
    .map((name) => {
      const meant = nearest(name, ALL_PERMISSIONS);
      return `${name} is not a permission that PortOne documents${meant ? `; did you mean ${meant}?` : '.'}`;
    });

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [name in Name]?: string };

function text(option: string, value: string | undefined): string | undefined {
  if (value === undefined || value.trim() !== '') return value;
  throw wrongUsage(`${option} must not be empty.`);
}

function permissionNames(given: readonly string[]): string[] {
  const names = given
    .flatMap((each) => each.split(','))
    .map((name) => name.trim());
  const wrong = names.find(
    (name) => name !== '' && !/^[A-Z][A-Z0-9_]*$/.test(name),
  );
  if (wrong !== undefined)
    throw wrongUsage(
      '--permission must be a name in capitals, such as TX_READ, or several: TX_READ,TX_UPDATE',
    );
  return names.filter(Boolean);
}

function wholeNumber(
  option: string,
  value: string,
  min: number,
  max: number,
): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw wrongUsage(`${option} must be a whole number from ${min} to ${max}.`);
}

function seconds(option: string, value: string): number {
  const found = readDuration(value);
  if (found !== undefined && found > 0 && found <= MAX_LIFETIME_S) return found;
  throw wrongUsage(
    `${option} must be a time such as 60 (seconds), 30m, 12h or 1d, at least 1 second and at most ten years.`,
  );
}

/** A clock that runs at normal speed, but ahead of this machine's clock or behind it. */
function clockOf(value: string, now: () => number): { now(): number } {
  const [, sign, duration = ''] = /^([+-]?)(\d+[dhms]?)$/.exec(value) ?? [];
  const ahead = readDuration(duration);
  if (ahead !== undefined && ahead <= MAX_LIFETIME_S)
    return { now: () => now() + (sign === '-' ? -ahead : ahead) * 1_000 };
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(time))
    throw wrongUsage(
      '--clock must be an offset such as +90m or -30s (--clock=-30s), or a time such as 2026-01-31T23:59:00+09:00.',
    );
  const startedAt = now();
  return { now: () => time + now() - startedAt };
}
