/** Ends a command with one sentence: exit code 2 when the command line is wrong, 1 when anything else is. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** The command line is wrong. */
export const wrongUsage = (message: string): CliError =>
  new CliError(message, 2);
