import type { Logger } from '@nestjs/common';

export type LogLevel = 'debug' | 'log' | 'warn' | 'error';

/** Logs a message. Ignores an error of the logger. */
export function say(logger: Logger, level: LogLevel, message: string): void {
  try {
    logger[level](message);
  } catch {
    return;
  }
}
