import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, type ExecutionContext } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/internal';
import { PermissionGuard, RequirePermission } from '../../../lib/index.js';
import type { RequestHeaders } from '../../../lib/permission/caller-token.js';
import type { ClientPermissions } from '../../../lib/permission/client-permissions.js';

class Routes {
  @RequirePermission('TX_READ')
  guarded() {}

  open() {}
}

/** A client whose own token has every permission. */
const permitted = {
  client: 'default',
  options: { source: 'service', bootCheck: 'off' },
  tokens: { hasPermission: () => true },
} as unknown as ClientPermissions;
const moduleRef = { get: () => permitted } as unknown as ModuleRef;

const contextOf = (type: string, handler: Function): ExecutionContext => {
  const context = new ExecutionContextHost([{}, {}], Routes, handler);
  context.setType(type);
  return context;
};

describe('The guard in a transport it does not know', () => {
  const { guarded, open } = Routes.prototype;

  it('denies, even what our own token permits', () => {
    const guard = new PermissionGuard(moduleRef);
    expect(guard.canActivate(contextOf('http', guarded))).toBe(true);
    expect(() => guard.canActivate(contextOf('telegraf', guarded))).toThrow(
      ForbiddenException,
    );
    expect(guard.canActivate(contextOf('telegraf', open))).toBe(true);
  });

  it('decides once a subclass says where the request is', () => {
    class TelegrafGuard extends PermissionGuard {
      protected override getRequest(): RequestHeaders {
        return { headers: {} };
      }
    }
    const guard = new TelegrafGuard(moduleRef);
    expect(guard.canActivate(contextOf('telegraf', guarded))).toBe(true);
  });

  it('decides at once, without a promise, what our own token permits', () => {
    const guard = new PermissionGuard(moduleRef);
    for (const type of ['http', 'graphql', 'rpc', 'ws']) {
      expect(guard.canActivate(contextOf(type, guarded))).toBe(true);
    }
  });
});
