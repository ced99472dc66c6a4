import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  HttpCode,
  Injectable,
  Post,
  Scope,
  UseGuards,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthModule, PermissionGuard } from '../../../lib/index.js';
import { PortOneWebhook } from '../../../lib/webhook/index.js';
import { newSecret } from './signed.js';
import { closeWebhookApps, openWebhookApp } from './webhook-app.js';

const secret = newSecret();

@Injectable()
class AllowAll implements CanActivate {
  canActivate = () => true;
}

/** Wraps a method as libraries for tracing and caching do. Copies all metadata of the method, or only the given keys. */
const wrapped =
  (keys?: string[]): MethodDecorator =>
  (_, __, descriptor: PropertyDescriptor) => {
    const method = descriptor.value as (...args: unknown[]) => unknown;
    const wrapper = function (this: unknown, ...args: unknown[]) {
      return method.apply(this, args);
    };
    for (const key of keys ?? (Reflect.getMetadataKeys(method) as string[]))
      Reflect.defineMetadata(key, Reflect.getMetadata(key, method), wrapper);
    descriptor.value = wrapper;
  };

const ROUTE = ['path', 'method', '__httpCode__'];

abstract class Base {
  @Post('webhook')
  @HttpCode(200)
  @PortOneWebhook({ secret })
  paid() {
    return { paid: true };
  }
}

@Controller()
class Bound extends Base {
  constructor() {
    super();
    this.paid = withRouteMetadata(this.paid.bind(this));
  }
}

@Controller()
class Field extends Base {
  override paid = withRouteMetadata(() => ({ paid: true }));
}

@Controller()
class Proxied extends Base {
  constructor() {
    super();
    return new Proxy(this, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        return name === 'paid'
          ? withRouteMetadata(() => ({ paid: true }))
          : value;
      },
    });
  }
}

@Controller()
class Overridden extends Base {
  @Post('webhook')
  @HttpCode(200)
  override paid() {
    return { paid: true };
  }
}

@Controller({ scope: Scope.REQUEST })
class RequestScopedBound extends Base {
  constructor() {
    super();
    this.paid = withRouteMetadata(this.paid.bind(this));
  }
}

@Controller({ scope: Scope.REQUEST })
class RequestScopedReplaced extends Base {
  constructor() {
    super();
    this.paid = () => ({ paid: true });
  }
}

@UseGuards(AllowAll)
@Controller()
class WithGuards extends Base {
  override paid = withRouteMetadata(() => ({ paid: true }));
}

@Controller()
class Wrapped {
  @wrapped(ROUTE)
  @Post('webhook')
  @HttpCode(200)
  @PortOneWebhook({ secret })
  paid() {
    return { paid: true };
  }
}

@Controller()
class Copied {
  @wrapped()
  @Post('webhook')
  @HttpCode(200)
  @PortOneWebhook({ secret })
  paid() {
    return { paid: true };
  }
}

/** Copies the route's metadata to the function that replaces the method, so that Nest still makes a route for it. */
function withRouteMetadata<T extends Function>(handler: T): T {
  for (const key of ROUTE)
    Reflect.defineMetadata(
      key,
      Reflect.getMetadata(key, Base.prototype.paid),
      handler,
    );
  return handler;
}

describe('A webhook route whose function was replaced', () => {
  afterEach(closeWebhookApps);

  it.each<[string, Type]>([
    ['bound in the constructor', Bound],
    ['by a field of a subclass', Field],
    ['by a method of a subclass', Overridden],
    ['bound in a request-scoped controller', RequestScopedBound],
    [
      'by another function in a request-scoped controller',
      RequestScopedReplaced,
    ],
    ['in a class with guards of its own', WithGuards],
    ['by a wrapper with the metadata of the route', Wrapped],
    ['by a wrapper with all metadata', Copied],
    ['by a proxy of the controller', Proxied],
  ])(
    'denies a request that PortOne did not sign: %s',
    async (_, controller) => {
      const { send, sendSigned } = await openWebhookApp({
        controllers: [controller],
      });
      expect((await send('/webhook', {})).status).toBeGreaterThan(400);
      const forged = await sendSigned('/webhook', newSecret());
      expect(forged.status).toBeGreaterThan(400);
    },
  );

  it.each<[string, Type]>([
    ['bound in the constructor', Bound],
    ['by a field of a subclass', Field],
    ['by a method of a subclass', Overridden],
    ['in a class with guards of its own', WithGuards],
    ['by a wrapper with the metadata of the route', Wrapped],
    ['by a wrapper with all metadata', Copied],
    ['by a proxy of the controller', Proxied],
  ])('accepts a webhook of PortOne: %s', async (_, controller) => {
    const { sendSigned } = await openWebhookApp({ controllers: [controller] });
    expect((await sendSigned('/webhook', secret)).status).toBe(200);
  });

  it('stops the boot when the guards of the class were replaced too', async () => {
    Reflect.defineMetadata('__guards__', [AllowAll], WithGuards);
    const opened = openWebhookApp({ controllers: [WithGuards] });
    await expect(opened).rejects.toThrow(/WithGuards\.paid/);
  });
});

describe('A webhook route beside the permission guard', () => {
  afterEach(closeWebhookApps);

  it('needs no caller token', async () => {
    @Controller()
    class Shop extends Base {}
    const { send, sendSigned } = await openWebhookApp({
      controllers: [Shop],
      imports: [
        AuthModule.forRoot({
          apiSecret: 'not-used',
          eager: false,
          renewal: { background: false },
          baseURL: 'http://127.0.0.1:1',
        }),
      ],
      providers: [{ provide: APP_GUARD, useExisting: PermissionGuard }],
    });
    expect((await sendSigned('/webhook', secret)).status).toBe(200);
    expect((await send('/webhook', {})).status).toBe(401);
  });
});
