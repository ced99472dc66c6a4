import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IS_PUBLIC } from './public.decorator.js';

/** Requires the shop's key in `X-API-Key`, because the refund endpoint must not be open to all. `@Public()` routes need no key. */
@Injectable()
export class ApiKeyGuard implements CanActivate, OnModuleInit {
  private expected?: Buffer;

  constructor(private readonly reflector: Reflector) {}

  onModuleInit(): void {
    const { SHOP_API_KEY: key } = process.env;
    if (!key) throw new Error('Set SHOP_API_KEY to the key callers must send.');
    this.expected = digest(key);
  }

  canActivate(context: ExecutionContext): boolean {
    const marked = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, marked))
      return true;
    const { headers } = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, unknown> }>();
    const given = headers['x-api-key'];
    if (
      !this.expected ||
      typeof given !== 'string' ||
      !timingSafeEqual(digest(given), this.expected)
    ) {
      throw new UnauthorizedException();
    }
    return true;
  }
}

/** Digests have the same length, which `timingSafeEqual` requires. */
const digest = (key: string): Buffer =>
  createHash('sha256').update(key).digest();
