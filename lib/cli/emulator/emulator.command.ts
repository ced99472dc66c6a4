import { isIP } from 'node:net';
import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';
import type { PortOneEmulatorOptions } from '../../testing/emulator-options.js';
import { PortOneEmulator } from '../../testing/portone-emulator.js';
import { CliError, wrongUsage } from '../command/cli-error.js';
import { command } from '../command/command.js';
import type { Terminal } from '../command/terminal.js';
import {
  emulatorOptions,
  unknownPermissions,
  DEFAULT_PORT,
} from './emulator-arguments.js';
import { EMULATOR_OPTIONS } from './emulator-flags.js';
import { FAULT_NOTES, faultArgument } from './fault-argument.js';
import { whatToTry } from './what-to-try.js';

export const emulator = command({
  name: 'emulator',
  summary: 'run a PortOne V2 API on this machine, without an account',
  notes: [
    ...FAULT_NOTES,
    'Exit code: 0 ended by a signal, 1 it could not listen, 2 the command line is wrong.',
  ],
  options: EMULATOR_OPTIONS,
  async run(given, terminal) {
    const options = emulatorOptions(given);
    const faults = (given.fail ?? []).map(faultArgument);
    unknownPermissions(options.permissions ?? []).forEach(terminal.warn);
    const stopped = stopSignal();
    const portone = await start(options, given.port === undefined, terminal);
    for (const { target, fault, options } of faults)
      // faultArgument has checked that the kind of the fault fits the target.
      portone.fail(target as 'tokens', fault, options);
    warnIfPublic(options.host, terminal);
    whatToTry(portone, terminal).forEach(terminal.print);
    await stopped;
    await portone.stop();
    return 0;
  },
});

/** When the default port is taken, another free port is used. A port that --port names must be free. */
async function start(
  options: PortOneEmulatorOptions,
  mayMove: boolean,
  terminal: Terminal,
): Promise<PortOneEmulator> {
  try {
    return await PortOneEmulator.start(options);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code !== 'EADDRINUSE' || !mayMove)
      throw cannotListen(options, error, code);
    terminal.warn(`Port ${DEFAULT_PORT} is taken; another free port is used.`);
    return start({ ...options, port: 0 }, false, terminal);
  }
}

function cannotListen(
  { port, host = '127.0.0.1' }: PortOneEmulatorOptions,
  error: unknown,
  code: unknown,
): unknown {
  if (error instanceof AuthConfigurationError) {
    const [problem] = error.problems;
    const option =
      problem?.field === 'webhookSecret' ? '--webhook-secret' : problem?.field;
    return wrongUsage(`${option} ${problem?.message}.`);
  }
  const causes: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} of ${host} is taken; choose another one with --port, or --port 0 for any free one.`,
    EACCES: `This user may not listen on port ${port}; choose one above 1023 with --port.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine; leave --host out, or use 0.0.0.0 for every address.`,
  };
  const cause = causes[String(code)];
  if (cause) return new CliError(cause);
  return typeof code === 'string'
    ? new CliError(
        `--host must be an address of this machine, and ${host} is not one (${code}).`,
      )
    : error;
}

function warnIfPublic(host: string | undefined, terminal: Terminal): void {
  if (host === undefined || host === 'localhost' || isLoopback(host)) return;
  terminal.warn(
    `--host ${host}: every machine that reaches this one can use the emulator. AuthModule accepts plain http for a loopback address only.`,
  );
}

const isLoopback = (host: string): boolean =>
  (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';

/** Resolves on Ctrl-C, a stop by an orchestrator, or a closed terminal. The same signal again ends the process at once. */
const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });
