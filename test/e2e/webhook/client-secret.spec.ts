import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Post } from '@nestjs/common';
import { inspect } from 'node:util';
import {
  AuthModule,
  type AuthModuleOptions,
  type AuthModuleSyncOptions,
} from '../../../lib/index.js';
import { PortOneWebhook } from '../../../lib/webhook/index.js';
import { newSecret } from './signed.js';
import { closeWebhookApps, openWebhookApp } from './webhook-app.js';

const defaultSecret = newSecret();
const otherSecret = newSecret();

@Controller()
class Shop {
  @Post('default')
  @HttpCode(200)
  @PortOneWebhook()
  paid() {}

  @Post('other')
  @HttpCode(200)
  @PortOneWebhook({ client: 'other' })
  paidElsewhere() {}
}

const client = (
  webhook: AuthModuleOptions['webhook'],
  name?: string,
): AuthModuleSyncOptions => ({
  apiSecret: 'not-used',
  baseURL: 'http://127.0.0.1:1',
  eager: false,
  ...(webhook && { webhook }),
  ...(name && { name }),
});

const openShop = (webhook: AuthModuleOptions['webhook']) =>
  openWebhookApp({
    controllers: [Shop],
    imports: [
      AuthModule.forRoot(client(webhook)),
      AuthModule.forRoot(client({ secret: () => otherSecret }, 'other')),
    ],
  });

describe('The webhook secret of a client', () => {
  afterEach(closeWebhookApps);

  it.each([
    ['a string', defaultSecret],
    ['a list', [newSecret(), defaultSecret]],
    ['a function', () => defaultSecret],
  ])(
    'is used for routes without a secret of their own: %s',
    async (_, secret) => {
      const { sendSigned } = await openShop({ secret });
      expect((await sendSigned('/default', defaultSecret)).status).toBe(200);
      expect((await sendSigned('/default', otherSecret)).status).toBe(401);
      expect((await sendSigned('/other', otherSecret)).status).toBe(200);
      expect((await sendSigned('/other', defaultSecret)).status).toBe(401);
    },
  );

  it('stops the boot when it is missing and a route needs it', async () => {
    await expect(openShop(undefined)).rejects.toThrow(/Shop\.paid: .*secret/);
  });

  it('stops the boot when it is malformed; the error does not show it', async () => {
    const error = await openShop({ secret: 'not base64!' }).catch(String);
    expect(error).toContain('webhook.secret');
    expect(error).not.toContain('base64!');
  });

  it('does not appear when the module or the app is printed', async () => {
    const module = AuthModule.forRoot(client({ secret: defaultSecret }));
    const { app } = await openShop({ secret: defaultSecret });
    const shown = [
      JSON.stringify(module),
      inspect(module, { depth: Infinity, showHidden: true }),
      inspect(app, { depth: 12 }),
    ].join('\n');
    expect(shown).not.toContain(defaultSecret);
  });
});
