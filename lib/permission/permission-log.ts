import { Logger } from '@nestjs/common';

const logger = new Logger('PortOneAuth:PermissionGuard');

/** Logs about permissions. A logger that is out of order costs no request. */
export function say(level: 'debug' | 'warn', message: string): void {
  try {
    logger[level](message);
  } catch {
    return;
  }
}
