import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/auth-configuration.error.js';
import { unknownFields } from '../errors/unknown-fields.js';
import type { PortOneEmulatorOptions } from './emulator-options.js';

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const TEXT = [isText, 'must be a text that is not empty'] as const;
const SECONDS = [
  (value: unknown) => Number.isFinite(value) && Number(value) > 0,
  'must be a number of seconds above 0',
] as const;
const ANYTHING = [() => true, ''] as const;

const RULES: Record<
  keyof PortOneEmulatorOptions,
  readonly [isGood: (value: unknown) => boolean, message: string]
> = {
  accessTokenLifetime: SECONDS,
  refreshTokenLifetime: SECONDS,
  permissions: [
    (value) => Array.isArray(value) && value.every(isText),
    'must be a list of permissions',
  ],
  apiSecret: TEXT,
  webhookSecret: TEXT,
  merchantId: TEXT,
  storeId: TEXT,
  clock: [
    (value) => typeof Object(value).now === 'function',
    'must have a method now()',
  ],
  responseDelay: [
    (value) => ['number', 'function'].includes(typeof value),
    'must be a number of milliseconds, or a function that gives it',
  ],
  port: ANYTHING,
  host: ANYTHING,
};

/** Throws AuthConfigurationError with every bad field. */
export function checkEmulatorOptions(options: PortOneEmulatorOptions): void {
  const problems: ConfigurationProblem[] = unknownFields(
    options,
    Object.keys(RULES),
  );
  for (const [field, [isGood, message]] of Object.entries(RULES)) {
    const value: unknown = options[field as keyof PortOneEmulatorOptions];
    if (value !== undefined && !isGood(value))
      problems.push({ field, message });
  }
  if (problems.length > 0) throw new AuthConfigurationError(problems);
}
