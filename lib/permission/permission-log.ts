import { Logger } from '@nestjs/common';
import { say as sayWith } from '../token/say.js';

const logger = new Logger('PortOneAuth:PermissionGuard');

/** Logs about permissions. */
export const say = (level: 'debug' | 'warn', message: string): void =>
  sayWith(logger, level, message);
