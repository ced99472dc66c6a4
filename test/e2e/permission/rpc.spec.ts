import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Injectable,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  PermissionGuard,
  PortOneClaims,
  RequirePermission,
} from '../../../lib/index.js';
import { closeGuardedApps, type GuardedAppParts } from './guarded-app.js';
import { openService as openRpcService } from './rpc-service.js';

interface Message {
  readonly token?: string;
}

/** Callers send their token in the message. */
@Injectable()
class MessageGuard extends PermissionGuard {
  protected override getRequest(context: ExecutionContext) {
    const { token } = context.switchToRpc().getData<Message>();
    return { headers: { ...(token && { authorization: `Bearer ${token}` }) } };
  }
}

@Controller()
class Payments {
  @MessagePattern('own')
  @RequirePermission('TX_UPDATE')
  own() {
    return 'own';
  }

  @MessagePattern('callers')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers() {
    return 'callers';
  }

  @MessagePattern('in-message')
  @UseGuards(MessageGuard)
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  inMessage(@PortOneClaims('user_id') userId: string) {
    return userId;
  }
}

const openService = (parts: GuardedAppParts = {}) =>
  openRpcService({ controllers: [Payments], ...parts });

describe('An RPC handler over TCP', () => {
  afterEach(closeGuardedApps);

  it('answers a denial with its code, not as an internal error', async () => {
    const { send, client } = await openService({
      emulator: { permissions: [] },
    });
    expect(await send('own')).toEqual({
      statusCode: 403,
      code: 'PORTONE_SERVICE_PERMISSION_MISSING',
      message:
        'This service is not permitted to do that at the payment provider.',
    });
    expect(await send('callers')).toMatchObject({
      code: 'PORTONE_TOKEN_MISSING',
    });
    client.close();
  });

  it('allows a call when our own token has the permission', async () => {
    const { send, client } = await openService();
    expect(await send('own')).toBe('own');
    client.close();
  });

  it('reads the token of a caller from where a subclass of the guard finds it', async () => {
    const { send, client, portone } = await openService();
    const token = await portone.issueAccessToken({ user_id: 'user-caller' });
    expect(await send('in-message', { token })).toBe('user-caller');
    expect(await send('in-message', { token: 'a.b.c' })).toMatchObject({
      code: 'PORTONE_TOKEN_INVALID',
    });
    expect(await send('in-message')).toMatchObject({
      code: 'PORTONE_TOKEN_MISSING',
    });
    client.close();
  });
});
