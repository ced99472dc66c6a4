import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Injectable, UseGuards, type ExecutionContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
} from '@nestjs/websockets';
import { WebSocket } from 'ws';
import {
  PermissionGuard,
  PortOneClaims,
  RequirePermission,
} from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  verifyingBy,
  type GuardedAppParts,
} from './guarded-app.js';

const handshakes = new WeakMap<object, IncomingMessage>();

/** platform-ws gives the request only when a client connects. */
@Injectable()
class HandshakeGuard extends PermissionGuard {
  protected override getRequest(context: ExecutionContext) {
    return handshakes.get(context.switchToWs().getClient<object>());
  }
}

@WebSocketGateway()
class Payments implements OnGatewayConnection {
  handleConnection(client: object, request: IncomingMessage): void {
    handshakes.set(client, request);
  }

  @SubscribeMessage('own')
  @RequirePermission('TX_UPDATE')
  own() {
    return { event: 'own', data: 'own' };
  }

  @SubscribeMessage('callers')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers() {
    return { event: 'callers', data: 'callers' };
  }
}

@WebSocketGateway({ path: '/handshake' })
@RequirePermission({ source: 'caller' }, 'TX_READ')
@UseGuards(HandshakeGuard)
class HandshakePayments extends Payments {
  @SubscribeMessage('by-handshake')
  byHandshake(@PortOneClaims('user_id') userId: string) {
    return { event: 'by-handshake', data: userId };
  }
}

async function openGateway(parts: GuardedAppParts = {}) {
  const opened = await openGuardedApp({
    providers: [Payments, HandshakePayments],
    permissions: verifyingBy(),
    prepare: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    ...parts,
  });
  const connect = async (path: string, token?: string) => {
    const socket = new WebSocket(`${opened.url.replace('http', 'ws')}${path}`, {
      headers: { ...(token && { authorization: `Bearer ${token}` }) },
    });
    await once(socket, 'open');
    return async (event: string): Promise<unknown> => {
      const answer = once(socket, 'message');
      socket.send(JSON.stringify({ event, data: {} }));
      return JSON.parse(String((await answer)[0]));
    };
  };
  return { ...opened, connect };
}

describe('A WebSocket handler', () => {
  afterEach(closeGuardedApps);

  it('answers a denial with its code, not as an internal error', async () => {
    const { connect } = await openGateway({ emulator: { permissions: [] } });
    const send = await connect('/');
    expect(await send('own')).toEqual({
      event: 'exception',
      data: {
        statusCode: 403,
        code: 'PORTONE_SERVICE_PERMISSION_MISSING',
        message:
          'This service is not permitted to do that at the payment provider.',
      },
    });
    expect(await send('callers')).toMatchObject({
      event: 'exception',
      data: { code: 'PORTONE_TOKEN_MISSING' },
    });
  });

  it('allows a call when our own token has the permission', async () => {
    const { connect } = await openGateway();
    const send = await connect('/');
    expect(await send('own')).toEqual({ event: 'own', data: 'own' });
  });

  it('reads the token of a caller from where a subclass of the guard finds it', async () => {
    const { connect, portone } = await openGateway();
    const token = await portone.issueAccessToken({ user_id: 'user-caller' });
    const good = await connect('/handshake', token);
    expect(await good('by-handshake')).toEqual({
      event: 'by-handshake',
      data: 'user-caller',
    });
    expect(await good('callers')).toEqual({
      event: 'callers',
      data: 'callers',
    });
    const anonymous = await connect('/handshake');
    expect(await anonymous('by-handshake')).toMatchObject({
      data: { code: 'PORTONE_TOKEN_MISSING' },
    });
    const forger = await connect('/handshake', 'a.b.c');
    expect(await forger('callers')).toMatchObject({
      data: { code: 'PORTONE_TOKEN_INVALID' },
    });
  });
});
