import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Module,
  Post,
  type INestApplication,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthModule, RequirePermission } from '../../lib/index.js';
import {
  PortOneEmulator,
  stubPortOne,
  type StubbedPortOne,
} from '../../lib/testing/index.js';
import { PortOneWebhook } from '../../lib/webhook/index.js';

@Controller()
class Shop {
  @Post('webhooks')
  @PortOneWebhook()
  receive() {
    return 'received';
  }

  @Get('payments')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  list() {
    return 'listed';
  }
}

@Module({
  imports: [
    AuthModule.forRootAsync({
      useFactory: () => {
        throw new Error('PORTONE_WEBHOOK_SECRET is not set');
      },
    }),
  ],
  controllers: [Shop],
})
class AppModule {}

describe('Under stubPortOne, routes for webhooks and for callers', () => {
  let app: INestApplication;
  let portone: PortOneEmulator;

  /** The answers to a signed webhook, and to a caller with a token. */
  const answers = async (
    optionsFor: (emulator: PortOneEmulator) => StubbedPortOne = () => ({}),
  ): Promise<number[]> => {
    portone = await PortOneEmulator.start();
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await stubPortOne(builder, optionsFor(portone)).compile();
    app = module.createNestApplication({ rawBody: true, logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const event = { type: 'Transaction.Paid' } as const;
    const webhook = await portone.sendWebhook(`${url}/webhooks`, event);
    const token = await portone.issueAccessToken();
    const headers = { authorization: `Bearer ${token}` };
    const caller = await fetch(`${url}/payments`, { headers });
    return [webhook.status, caller.status];
  };

  afterEach(async () => {
    await app.close();
    await portone.stop();
  });

  it('need no secret and no keys to boot, and deny everything', async () => {
    expect(await answers()).toEqual([401, 401]);
  });

  it('accept what is signed with a secret and a key that the test gives', async () => {
    const given = await answers(({ webhookSecret, jwksUri, merchantId }) => ({
      options: {
        webhook: { secret: webhookSecret },
        permissions: { verification: { jwksUri, merchantId } },
      },
    }));
    expect(given).toEqual([201, 200]);
  });
});
