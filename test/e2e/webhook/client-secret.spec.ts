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

const ofDefault = newSecret();
const ofOther = newSecret();

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
      AuthModule.forRoot(client({ secret: () => ofOther }, 'other')),
    ],
  });

describe('The webhook secret of a client', () => {
  afterEach(closeWebhookApps);

  it.each([
    ['a string', ofDefault],
    ['a list', [newSecret(), ofDefault]],
    ['a function', () => ofDefault],
  ])('serves the routes that have none of their own: %s', async (_, secret) => {
    const { sendSigned } = await openShop({ secret });
    expect((await sendSigned('/default', ofDefault)).status).toBe(200);
    expect((await sendSigned('/default', ofOther)).status).toBe(401);
    expect((await sendSigned('/other', ofOther)).status).toBe(200);
    expect((await sendSigned('/other', ofDefault)).status).toBe(401);
  });

  it('stops the boot where a route needs it and there is none', async () => {
    await expect(openShop(undefined)).rejects.toThrow(/Shop\.paid: .*secret/);
  });

  it('stops the boot where it is malformed, without showing it', async () => {
    const error = await openShop({ secret: 'not base64!' }).catch(String);
    expect(error).toContain('webhook.secret');
    expect(error).not.toContain('base64!');
  });

  it('is not shown by the module', async () => {
    const module = AuthModule.forRoot(client({ secret: ofDefault }));
    const { app } = await openShop({ secret: ofDefault });
    const shown = [
      JSON.stringify(module),
      inspect(module, { depth: Infinity, showHidden: true }),
      inspect(app, { depth: 12 }),
    ].join('\n');
    expect(shown).not.toContain(ofDefault);
  });
});
