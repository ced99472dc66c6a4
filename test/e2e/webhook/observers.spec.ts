import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  HttpCode,
  Module,
  Post,
  type DynamicModule,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createObserveModule } from '@nestjs/observe';
import {
  PortOneWebhook,
  WebhookEvent,
  type PortOneWebhookEvent,
} from '../../../lib/webhook/index.js';
import { wrapAll, wrapMethods } from '../../support/observers.js';
import { newSecret, PAID, signed } from './signed.js';

const secret = newSecret();

@Controller()
class Shop {
  @Post('webhook')
  @HttpCode(200)
  @PortOneWebhook({ secret: () => secret })
  paid(@WebhookEvent() event: PortOneWebhookEvent) {
    return event;
  }

  @Post('open')
  @HttpCode(200)
  other() {
    return 'open';
  }
}

const observe = createObserveModule();
const observers: [string, <T>(instance: T) => T, DynamicModule[]][] = [
  ['gives a new copy of a method each time it is read', wrapMethods, []],
  ['wraps a provider and every object it refers to', wrapAll, []],
  [
    'comes from @nestjs/observe',
    observe.ObserveInstrument!.instanceDecorator as <T>(instance: T) => T,
    [
      observe.ObserveModule.forRoot({
        serviceId: 'test',
        token: 'none',
      } as never),
    ],
  ],
];

describe.each(observers)(
  'An observer that %s',
  (_, instanceDecorator, more) => {
    let app: INestApplication;
    afterEach(() => app.close());

    it('changes no answer: to a signed webhook, to a forged one, and on another route', async () => {
      @Module({ imports: more, controllers: [Shop] })
      class App {}
      app = await NestFactory.create(App, {
        logger: false,
        abortOnError: false,
        rawBody: true,
        instrument: { instanceDecorator },
      });
      await app.listen(0, '127.0.0.1');
      const url = await app.getUrl();
      const send = async (path: string, headers: Record<string, string>) =>
        (await fetch(`${url}/${path}`, { method: 'POST', headers, body: PAID }))
          .status;
      expect(await send('webhook', signed(secret, PAID))).toBe(200);
      expect(await send('webhook', signed(newSecret(), PAID))).toBe(401);
      expect(await send('open', {})).toBe(200);
    });
  },
);
