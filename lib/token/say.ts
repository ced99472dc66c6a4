import type { Logger } from '@nestjs/common';

/** Logs. A logger that is out of order costs no payment. */
export function say(
  logger: Logger,
  level: 'debug' | 'log' | 'warn' | 'error',
  message: string,
): void {
  try {
    logger[level](message);
  } catch {
    return;
  }
}
