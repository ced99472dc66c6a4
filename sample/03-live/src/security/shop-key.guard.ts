import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiKeyGuard } from '../../../01-quick-start/src/security/api-key.guard.js';
import { IS_PUBLIC } from './public.decorator.js';

/** Asks every caller for the key of the shop, except on a route that is marked public. */
@Injectable()
export class ShopKeyGuard extends ApiKeyGuard {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean {
    const marked = [context.getHandler(), context.getClass()];
    return (
      this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, marked) === true ||
      super.canActivate(context)
    );
  }
}
