/** Ends a command with one sentence. Exit code 2: the command line is wrong. Exit code 1: any other failure. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** An error of the command line, with exit code 2. */
export const wrongUsage = (message: string): CliError =>
  new CliError(message, 2);
