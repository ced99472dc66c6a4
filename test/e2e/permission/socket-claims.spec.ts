import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import {
  Controller,
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { WebSocket } from 'ws';
import {
  PermissionGuard,
  PortOneClaims,
  RequirePermission,
} from '../../../lib/index.js';
import { turn } from '../../support/virtual-time.js';
import {
  closeGuardedApps,
  openGuardedApp,
  verifyingBy,
} from './guarded-app.js';
import { openService } from './rpc-service.js';

afterEach(closeGuardedApps);

/** Each message is a string: the token of its caller. */
@Injectable()
class MessageGuard extends PermissionGuard {
  protected override getRequest(context: ExecutionContext) {
    const position = context.getType() === 'ws' ? 1 : 0;
    const token = context.getArgByIndex<string>(position);
    return { headers: { authorization: `Bearer ${token}` } };
  }
}

let turns = 0;
const waitSomeTurns = async () => {
  for (let left = (turns += 7) % 5; left >= 0; left -= 1) await turn();
};

@Injectable()
class SlowGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await waitSomeTurns();
    return true;
  }
}

@Injectable()
class SlowInterceptor implements NestInterceptor {
  async intercept(_: ExecutionContext, next: CallHandler) {
    await waitSomeTurns();
    return next.handle();
  }
}

const USERS = Array.from({ length: 60 }, (_, index) => `user-${index}`);

it('Concurrent text messages on one socket each get the claims of their own token', async () => {
  @WebSocketGateway()
  class Payments {
    @SubscribeMessage('whose')
    @UseGuards(MessageGuard, SlowGuard)
    @UseInterceptors(SlowInterceptor)
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    whose(
      @PortOneClaims('user_id') userId: string,
      @MessageBody() token: string,
    ) {
      return { event: 'whose', data: { userId, token } };
    }
  }
  const { url, portone } = await openGuardedApp({
    providers: [Payments],
    permissions: verifyingBy(),
    prepare: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
  });
  const socket = new WebSocket(url.replace('http', 'ws'));
  await once(socket, 'open');
  const answers = new Map<string, string>();
  const all = new Promise<void>((resolve) =>
    socket.on('message', (text) => {
      const { data } = JSON.parse(String(text)) as {
        data: { userId: string; token: string };
      };
      answers.set(data.token, data.userId);
      if (answers.size === USERS.length) resolve();
    }),
  );
  const owners = new Map<string, string>();
  for (const user_id of USERS)
    owners.set(await portone.issueAccessToken({ user_id }), user_id);
  for (const data of owners.keys())
    socket.send(JSON.stringify({ event: 'whose', data }));
  await all;
  expect(answers).toEqual(owners);
  socket.close();
});

it('Concurrent messages over TCP each get the claims of their own token', async () => {
  @Controller()
  class Payments {
    @MessagePattern('whose')
    @UseGuards(MessageGuard, SlowGuard)
    @UseInterceptors(SlowInterceptor)
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    whose(@PortOneClaims('user_id') userId: string) {
      return userId;
    }
  }
  const { send, client, portone } = await openService({
    controllers: [Payments],
  });
  const tokens = await Promise.all(
    USERS.map((user_id) => portone.issueAccessToken({ user_id })),
  );
  expect(
    await Promise.all(tokens.map((token) => send('whose', token))),
  ).toEqual(USERS);
  client.close();
});
