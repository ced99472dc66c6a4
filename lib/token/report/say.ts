import type { Logger } from '@nestjs/common';

export type LogLevel = 'debug' | 'log' | 'warn' | 'error';

/** Logs. Ignores a logger that throws. */
export function say(logger: Logger, level: LogLevel, message: string): void {
  try {
    logger[level](message);
  } catch {
    return;
  }
}
