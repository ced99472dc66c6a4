import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import {
  Controller,
  Inject,
  Injectable,
  Scope,
  type Type,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { WebSocket } from 'ws';
import { RequirePermission } from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
} from '../e2e/permission/guarded-app.js';
import { openService } from '../e2e/permission/rpc-service.js';
import {
  messagePayments,
  partsOf,
  payments,
  REPLACEMENTS,
  type Holder,
  type Method,
} from './replaced-handler.js';

afterEach(closeGuardedApps);

const replacements: typeof REPLACEMENTS = {
  ...REPLACEMENTS,
  'the method of another route, by a getter': (it) => {
    const other = it['open']!;
    Object.defineProperty(it, 'refund', { get: () => other });
  },
  'the method of another route, by an inserted prototype': (it) => {
    const above = Object.getPrototypeOf(it) as object;
    const between = { refund: { value: it['open']!, configurable: true } };
    Object.setPrototypeOf(it, Object.create(above, between) as object);
  },
  'a new function each time, by a getter': (it) => {
    const inner = it['refund']!;
    Object.defineProperty(it, 'refund', { get: () => inner.bind(it) });
  },
  'itself the first time and the method of another route later, by a getter': (
    it,
  ) => {
    const held = [it['refund']!];
    const next = () => held.shift() ?? it['open']!;
    Object.defineProperty(it, 'refund', { get: next });
  },
  'a proxy of itself that gives a new function each time': (it) =>
    new Proxy(it, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' && name !== 'constructor'
          ? (...args: unknown[]) => Reflect.apply(value as Method, target, args)
          : value;
      },
    }),
  'the method of a plain object that the constructor returns': (it) => ({
    refund: () => 'let in',
    open: it['open']!,
  }),
  'a bound method, with another class as `constructor`': (it) => {
    it['refund'] = it['refund']!.bind(it);
    Object.assign(it, { constructor: class Other {} });
  },
  'a bound method, and then frozen': (it) => {
    it['refund'] = it['refund']!.bind(it);
    Object.freeze(it);
  },
};

/** The ways to make Nest build more than one instance of a controller. */
const perRequest: Record<string, (controller: Type) => Type> = {
  'is request-scoped': (Base) => {
    @Controller({ scope: Scope.REQUEST })
    class Payments extends Base {}
    return Payments;
  },
  'injects the request': (Base) => {
    @Controller()
    class Payments extends Base {
      constructor(@Inject(REQUEST) _request: unknown) {
        super();
      }
    }
    return Payments;
  },
  'is durable, with one instance for a tenant': (Base) => {
    @Controller({ scope: Scope.REQUEST, durable: true })
    class Payments extends Base {}
    return Payments;
  },
  'is transient': (Base) => {
    @Controller({ scope: Scope.TRANSIENT })
    class Payments extends Base {}
    return Payments;
  },
};

describe.each(Object.entries(replacements))(
  'A guarded handler that its instance has replaced by %s',
  (_, replace) => {
    it.each(Object.entries(perRequest).slice(0, 3))(
      'stays guarded and answers permitted callers, when its controller %s',
      async (__, make) => {
        const Payments = make(payments('service', replace));
        const denied = await openGuardedApp(partsOf([Payments]));
        expect((await denied.ask('/refund')).status).toBe(403);
        expect((await denied.ask('/open')).status).toBe(200);
        expect((await denied.ask('/refund')).status).toBe(403);
        const { ask } = await openGuardedApp(
          partsOf([Payments], undefined, ['TX_UPDATE']),
        );
        expect((await ask('/refund')).status).toBe(200);
      },
    );
  },
);

describe('A guarded handler that was replaced by the method of another route', () => {
  const swap = (it: Holder) => {
    it['refund'] = it['open']!;
  };

  it('stays guarded in a transient controller', async () => {
    const [, make] = Object.entries(perRequest)[3]!;
    const Payments = make(payments('service', swap));
    const { ask } = await openGuardedApp(partsOf([Payments]));
    expect((await ask('/refund')).status).toBe(403);
  });

  it('stays guarded when only some of the instances replace it', async () => {
    let made = 0;
    const [[, make]] = Object.entries(perRequest) as [
      [string, (typeof perRequest)[string]],
    ];
    const Payments = make(
      payments('service', (it) => {
        if ((made += 1) % 2 === 0) swap(it);
      }),
    );
    const { ask } = await openGuardedApp(partsOf([Payments]));
    for (const path of [
      '/refund',
      '/refund',
      '/open',
      '/open',
      '/refund',
      '/refund',
    ])
      expect((await ask(path)).status).toBe(path === '/open' ? 200 : 403);
  });

  it('makes both routes require its permission, when the two handlers are exchanged', async () => {
    const Payments = perRequest['is request-scoped']!(
      payments('service', (it) => {
        const { refund, open } = { refund: it['refund']!, open: it['open']! };
        Object.assign(it, { refund: open, open: refund });
      }),
    );
    const { ask } = await openGuardedApp(partsOf([Payments]));
    expect((await ask('/refund')).status).toBe(403);
    expect((await ask('/open')).status).toBe(403);
  });

  it('stays guarded as a message handler', async () => {
    const Payments = messagePayments(Scope.REQUEST, swap);
    const { send, client } = await openService(partsOf([Payments]));
    expect(await send('refund')).toMatchObject({
      code: 'PORTONE_SERVICE_PERMISSION_MISSING',
    });
    expect(await send('open')).toBe('open');
    client.close();
  });

  it('stays guarded in a WebSocket gateway', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Visit {}

    @WebSocketGateway()
    class Payments {
      constructor(@Inject(Visit) _visit: Visit) {
        swap(this as never);
      }

      @SubscribeMessage('refund')
      @RequirePermission('TX_UPDATE')
      refund() {
        return { event: 'refund', data: 'let in' };
      }

      @SubscribeMessage('open')
      open() {
        return { event: 'open', data: 'open' };
      }
    }
    const { url } = await openGuardedApp({
      ...partsOf([]),
      providers: [Visit, Payments],
      prepare: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    });
    const socket = new WebSocket(url.replace('http', 'ws'));
    await once(socket, 'open');
    const send = async (event: string) => {
      const answer = once(socket, 'message');
      socket.send(JSON.stringify({ event, data: {} }));
      return (JSON.parse(String((await answer)[0])) as { event: string }).event;
    };
    expect(await send('refund')).toBe('exception');
    expect(await send('open')).toBe('open');
    socket.terminate();
  });
});
