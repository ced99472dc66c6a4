import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ForbiddenException,
  Logger,
  type ExecutionContext,
} from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/internal';
import { PermissionGuard, RequirePermission } from '../../../lib/index.js';
import type { RequestHeaders } from '../../../lib/permission/caller/caller-token.js';
import type { ClientPermissions } from '../../../lib/permission/client-permissions.js';
import { Sealed } from '../../../lib/provider/sealed.js';

class Routes {
  @RequirePermission('TX_READ')
  guarded() {}

  open() {}
}

/** A client whose own token has every permission. */
const permitted = {
  name: 'default',
  options: { source: 'service', bootCheck: 'off' },
  tokens: { hasPermission: () => true },
} as unknown as ClientPermissions;
const moduleRef = {
  get: () => new Sealed(permitted),
} as unknown as ModuleRef;

const contextOf = (type: string, handler: Function): ExecutionContext => {
  const context = new ExecutionContextHost([{}, {}], Routes, handler);
  context.setType(type);
  return context;
};

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

describe('PermissionGuard on an unknown transport', () => {
  const { guarded, open } = Routes.prototype;

  it('denies a call, even if our own token has the permission', () => {
    const guard = new PermissionGuard(moduleRef);
    expect(guard.canActivate(contextOf('http', guarded))).toBe(true);
    expect(() => guard.canActivate(contextOf('telegraf', guarded))).toThrow(
      ForbiddenException,
    );
    expect(guard.canActivate(contextOf('telegraf', open))).toBe(true);
  });

  it('checks the permission when a subclass overrides getRequest', () => {
    class TelegrafGuard extends PermissionGuard {
      protected override getRequest(): RequestHeaders {
        return { headers: {} };
      }
    }
    const guard = new TelegrafGuard(moduleRef);
    expect(guard.canActivate(contextOf('telegraf', guarded))).toBe(true);
  });

  it('allows a call synchronously on known transports when our own token has the permission', () => {
    const guard = new PermissionGuard(moduleRef);
    for (const type of ['http', 'graphql', 'rpc', 'ws']) {
      expect(guard.canActivate(contextOf(type, guarded))).toBe(true);
    }
  });
});

class Callers {
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  guarded() {}
}

const REQUEST = { headers: { authorization: 'Bearer a.b.c' } };

/** A guard for calls with the source `caller`, and its reported denials. */
function callersGuard(client: object = {}, Guard = PermissionGuard) {
  const reported: unknown[] = [];
  const found = {
    ...permitted,
    tokens: { report: (denial: unknown) => reported.push(denial) },
    ...client,
  };
  const guard = new Guard({
    get: () => new Sealed(found),
  } as unknown as ModuleRef);
  const ask = async (type: string, args: unknown[]) => {
    const { guarded } = Callers.prototype;
    const context = new ExecutionContextHost(args, Callers, guarded);
    context.setType(type);
    return guard.canActivate(context);
  };
  return { ask, reported };
}

describe('PermissionGuard in an app whose boot check did not run', () => {
  it('denies a caller that its client cannot verify', async () => {
    const { ask, reported } = callersGuard();
    await expect(ask('http', [REQUEST, {}])).rejects.toMatchObject({
      code: 'PORTONE_KEYS_UNAVAILABLE',
    });
    expect(reported).toMatchObject([
      {
        code: 'PORTONE_KEYS_UNAVAILABLE',
        reason: 'the client has no permissions.verification',
      },
    ]);
  });
});

describe('PermissionGuard', () => {
  it.each([
    ['a resolver', [{}, {}, { req: REQUEST }, {}], 'PORTONE_KEYS_UNAVAILABLE'],
    ['a reference', [{}, { req: REQUEST }, {}], 'PORTONE_KEYS_UNAVAILABLE'],
    ['no context', [{}, {}, undefined, {}], 'PORTONE_TOKEN_MISSING'],
  ])(
    "reads the caller's request from the context of GraphQL: %s",
    async (_, args, code) => {
      await expect(callersGuard().ask('graphql', args)).rejects.toMatchObject({
        extensions: { code },
      });
    },
  );

  it('denies with the documented body on a transport that a subclass supports', async () => {
    class TelegrafGuard extends PermissionGuard {
      protected override getRequest = () => REQUEST;
    }
    const { ask } = callersGuard({}, TelegrafGuard);
    await expect(ask('telegraf', [{}])).rejects.toMatchObject({
      response: { statusCode: 503, code: 'PORTONE_KEYS_UNAVAILABLE' },
    });
  });

  it('rethrows any other error, and reports no denial for it', async () => {
    const bug = new Error('a bug');
    const { ask, reported } = callersGuard({
      verifier: { verify: () => Promise.reject(bug) },
    });
    await expect(ask('http', [REQUEST, {}])).rejects.toBe(bug);
    expect(reported).toEqual([]);
  });
});
