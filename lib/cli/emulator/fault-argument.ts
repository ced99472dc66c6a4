import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';
import {
  partsOf,
  type FaultTarget,
} from '../../testing/faults/fault-target.js';
import type { Fault, FaultOptions } from '../../testing/faults/fault.js';
import { wrongUsage } from '../command/cli-error.js';

/** One `--fail`: what fails, how, and how often. */
export interface FaultArgument {
  readonly target: FaultTarget;
  readonly fault: Fault;
  readonly options: FaultOptions;
}

/** The faults that take no value. Those marked `tokens` are for token endpoints only. */
const KINDS: Readonly<
  Record<
    Exclude<Fault['kind'], 'status' | 'delay' | 'redirect'>,
    'any' | 'tokens'
  >
> = {
  hang: 'any',
  'reset-before-answer': 'any',
  'reset-mid-answer': 'any',
  'headers-then-hang': 'any',
  'slow-drip': 'any',
  truncated: 'any',
  garbage: 'any',
  html: 'any',
  'html-401': 'any',
  'empty-body': 'any',
  'broken-json': 'any',
  'missing-tokens': 'tokens',
  'access-token-only': 'tokens',
  'expired-tokens': 'tokens',
  'malformed-tokens': 'tokens',
  'exp-not-after-iat': 'tokens',
};

export const FAULT_NOTES: readonly string[] = [
  'TARGET is login, refresh, tokens, api, jwks, a method, a path, or both: "POST /payments/:paymentId/cancel".',
  `FAULT is a status (503), delay:MS, or one of ${Object.keys(KINDS).join(', ')}.`,
  'Add *TIMES to fail that many times only. Examples: --fail tokens=503  --fail api=401*2  --fail login=delay:3000',
];

/** Reads `TARGET=FAULT`, `TARGET=FAULT*TIMES`. Throws CliError. */
export function faultArgument(text: string): FaultArgument {
  const at = text.lastIndexOf('=');
  const target = text.slice(0, Math.max(at, 0)).trim();
  const [, name = '', times] =
    /^(.*?)(?:\*(\d{1,6}))?$/.exec(text.slice(at + 1).trim()) ?? [];
  if (target === '' || name === '' || times === '0')
    throw wrongUsage(
      '--fail must be TARGET=FAULT or TARGET=FAULT*TIMES, such as tokens=503 or api=401*2.',
    );
  const isToken = ['login', 'refresh', 'tokens'].includes(target);
  return {
    target: checkedTarget(target),
    fault: faultOf(name, isToken),
    options: times === undefined ? {} : { times: Number(times) },
  };
}

function checkedTarget(target: string): FaultTarget {
  try {
    partsOf(target as FaultTarget);
    return target as FaultTarget;
  } catch (error) {
    if (!(error instanceof AuthConfigurationError)) throw error;
    throw wrongUsage(`The target of --fail ${error.problems[0]?.message}.`);
  }
}

function faultOf(name: string, isToken: boolean): Fault {
  if (/^[345]\d\d$/.test(name)) return { kind: 'status', status: Number(name) };
  const [, ms] = /^delay:(\d{1,6})$/.exec(name) ?? [];
  if (ms !== undefined) return { kind: 'delay', ms: Number(ms) };
  if (!Object.hasOwn(KINDS, name))
    throw wrongUsage(
      `The fault of --fail must be a status from 300 to 599, delay:MS, or one of ${Object.keys(KINDS).join(', ')}.`,
    );
  const kind = name as keyof typeof KINDS;
  if (KINDS[kind] === 'tokens' && !isToken)
    throw wrongUsage(
      `The fault ${kind} is for the targets login, refresh and tokens only.`,
    );
  return { kind } as Fault;
}
