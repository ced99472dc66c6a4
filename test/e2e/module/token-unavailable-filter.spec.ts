import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Controller, Get, Injectable, UseFilters } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import {
  ClientProxyFactory,
  MessagePattern,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { firstValueFrom } from 'rxjs';
import { WebSocket } from 'ws';
import { TokenService, TokenUnavailableFilter } from '../../../lib/index.js';
import { graphqlModule } from '../../support/graphql-module.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  type GuardedAppParts,
} from '../permission/guarded-app.js';

const body = {
  statusCode: 503,
  code: 'PORTONE_TOKEN_UNAVAILABLE',
  message: 'The payment service cannot be reached at the moment.',
};

@Injectable()
class Shop {
  constructor(private readonly tokens: TokenService) {}

  pay(): Promise<string> {
    return this.tokens.getAccessToken();
  }
}

@Controller()
@UseFilters(TokenUnavailableFilter)
class Payments {
  constructor(private readonly shop: Shop) {}

  @Get('pay')
  get() {
    return this.shop.pay();
  }

  @MessagePattern('pay')
  message() {
    return this.shop.pay();
  }
}

@WebSocketGateway()
@UseFilters(TokenUnavailableFilter)
class Gateway {
  constructor(private readonly shop: Shop) {}

  @SubscribeMessage('pay')
  pay() {
    return this.shop.pay();
  }
}

@Resolver()
@UseFilters(TokenUnavailableFilter)
class Api {
  constructor(private readonly shop: Shop) {}

  @Query(() => String)
  pay() {
    return this.shop.pay();
  }
}

async function openApp(parts: GuardedAppParts = {}) {
  const opened = await openGuardedApp({
    controllers: [Payments],
    ...parts,
    providers: [Shop, ...(parts.providers ?? [])],
    options: { eager: false },
  });
  opened.portone.fail('tokens', { kind: 'status', status: 500 });
  return opened;
}

describe('TokenUnavailableFilter', () => {
  afterEach(closeGuardedApps);

  it.each(platforms)('answers 503 with Retry-After on %s', async (platform) => {
    const { ask } = await openApp({ platform });
    const answer = await ask('/pay');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, body]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('answers an RPC client with the same body', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    const service = {
      transport: Transport.TCP as const,
      options: { host: '127.0.0.1', port },
    };
    await openApp({
      prepare: async (app) => {
        app.connectMicroservice<MicroserviceOptions>(service);
        await app.startAllMicroservices();
      },
    });
    const client = ClientProxyFactory.create(service);
    const answer = firstValueFrom(client.send<unknown>('pay', {}));
    await expect(answer).rejects.toEqual(body);
    client.close();
  });

  it('answers a WebSocket client with the same body', async () => {
    const { url } = await openApp({
      providers: [Gateway],
      prepare: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    });
    const socket = new WebSocket(url.replace('http', 'ws'));
    await once(socket, 'open');
    const answer = once(socket, 'message');
    socket.send(JSON.stringify({ event: 'pay', data: {} }));
    expect(JSON.parse(String((await answer)[0]))).toEqual({
      event: 'exception',
      data: body,
    });
    socket.close();
  });

  it('answers a GraphQL client with the code, the status and Retry-After', async () => {
    const { url } = await openApp({
      providers: [Api],
      imports: [graphqlModule({ preserveHttpStatusForExecutionErrors: false })],
    });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ pay }' }),
    });
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(errors).toMatchObject([
      { message: body.message, extensions: { code: body.code } },
    ]);
  });
});
