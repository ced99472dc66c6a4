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

describe('The guard of an app whose boot check never ran', () => {
  it('lets no caller in whom its client cannot verify', async () => {
    class Callers {
      @RequirePermission({ source: 'caller' }, 'TX_READ')
      guarded() {}
    }
    const { guarded } = Callers.prototype;
    const request = { headers: { authorization: 'Bearer a.b.c' } };
    const context = new ExecutionContextHost([request, {}], Callers, guarded);
    context.setType('rpc');
    class FromRequest extends PermissionGuard {
      protected override getRequest = () => request;
    }
    const reported: unknown[] = [];
    const unverified = {
      ...permitted,
      tokens: { report: (denial: unknown) => reported.push(denial) },
    };
    const guard = new FromRequest({
      get: () => unverified,
    } as unknown as ModuleRef);
    await expect(guard.canActivate(context)).rejects.toMatchObject({
      error: { code: 'PORTONE_KEYS_UNAVAILABLE' },
    });
    expect(reported).toMatchObject([
      {
        code: 'PORTONE_KEYS_UNAVAILABLE',
        reason: 'the client has no permissions.verification',
      },
    ]);
  });
});
