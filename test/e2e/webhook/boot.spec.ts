import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  HttpCode,
  Post,
  RequestMethod,
  type Type,
} from '@nestjs/common';
import { isAuthConfigurationError } from '../../../lib/index.js';
import {
  PortOneWebhook,
  type PortOneWebhookOptions,
} from '../../../lib/webhook/index.js';
import { newSecret, PAID, signed } from './signed.js';
import { closeWebhookApps, openWebhookApp, platforms } from './webhook-app.js';

const secret = newSecret();

function withRoute(options?: PortOneWebhookOptions): Type {
  @Controller()
  class Shop {
    @Post('webhook')
    @HttpCode(200)
    @PortOneWebhook(options)
    paid() {
      return { paid: true };
    }
  }
  return Shop;
}

const problemsOf = (error: unknown) =>
  isAuthConfigurationError(error) ? error.problems : error;

describe('The boot of an app with a webhook route', () => {
  afterEach(closeWebhookApps);

  it.each([
    ['undefined', undefined],
    ['empty', ''],
    ['the text of a variable that is not set', 'undefined'],
    ['an empty list', []],
    ['a list with an undefined item', [secret, undefined]],
    ['in quotes', `"${secret}"`],
    ['with a line break', `${secret}\n`],
    ['a list of eleven secrets', Array.from({ length: 11 }, newSecret)],
  ])(
    'throws as soon as the class is defined for a secret that is %s',
    (_, given) => {
      const options = { secret: given } as PortOneWebhookOptions;
      expect(() => withRoute(options)).toThrow(/@PortOneWebhook: .*secret/);
    },
  );

  it.each([
    ['a secret outside of an object', secret],
    ['a misspelt field', { secrets: secret }],
    ['a field that it does not know', { tolerance: 5 }],
    ['null', null],
  ])('throws as soon as the class is defined for %s', (_, options) => {
    expect(() => withRoute(options as never)).toThrow(
      /@PortOneWebhook: its options are/,
    );
  });

  it.each([
    ['no secret and no client that has one', undefined],
    ['a function that gives undefined', { secret: () => undefined }],
    ['a function that gives an API secret', { secret: () => 'not base64!' }],
  ])('fails for a route with %s, and names the route', async (_, options) => {
    const opened = openWebhookApp({ controllers: [withRoute(options)] });
    const problems = await opened.catch(problemsOf);
    expect(problems).toMatchObject([{ field: 'Shop.paid' }]);
    expect(JSON.stringify(problems)).not.toContain('base64!');
  });

  it('succeeds although the function for the secret throws; the function is called again for each webhook', async () => {
    let isUp = false;
    const { sendSigned, logs } = await openWebhookApp({
      controllers: [
        withRoute({
          secret: () => {
            if (!isUp) throw new Error(`vault ${secret}`);
            return secret;
          },
        }),
      ],
    });
    expect(await sendSigned('/webhook', secret)).toMatchObject({
      status: 503,
      body: { code: 'PORTONE_WEBHOOK_SECRET_UNAVAILABLE' },
    });
    isUp = true;
    expect((await sendSigned('/webhook', secret)).status).toBe(200);
    expect(logs.saying('thrown an error').length).toBeGreaterThan(0);
    expect(logs.saying(secret)).toEqual([]);
  });

  it.each(platforms)(
    'fails on %s when the app keeps no raw body, and says what to write',
    async (platform) => {
      const controllers = [withRoute({ secret })];
      const opened = openWebhookApp({ platform, controllers, rawBody: false });
      const problems = await opened.catch(problemsOf);
      expect(problems).toMatchObject([{ field: 'rawBody' }]);
      expect(JSON.stringify(problems)).toContain('{ rawBody: true }');
    },
  );

  it.each(platforms)(
    'succeeds on %s with a body parser that keeps no raw body; each webhook gets a 500, and one line is logged',
    async (platform) => {
      const { send, logs } = await openWebhookApp({
        platform,
        controllers: [withRoute({ secret })],
        prepare: (app) => {
          // A parser of the app reads the body before Nest's parser does.
          if (platform === 'express')
            app.use(
              (
                request: NodeJS.ReadableStream,
                _: unknown,
                next: () => void,
              ) => {
                request.on('end', next).resume();
              },
            );
          else
            app
              .getHttpAdapter()
              .getInstance()
              .addHook(
                'preHandler',
                (
                  request: { rawBody?: Buffer },
                  _: unknown,
                  done: () => void,
                ) => {
                  delete request.rawBody;
                  done();
                },
              );
        },
      });
      for (let call = 0; call < 3; call += 1) {
        expect(await send('/webhook', signed(secret, PAID))).toMatchObject({
          status: 500,
          body: { code: 'PORTONE_WEBHOOK_RAW_BODY_MISSING' },
        });
      }
      expect(logs.saying('{ rawBody: true }')).toHaveLength(1);
    },
  );

  it('fails for a decorator on a class or on a static method', () => {
    const decorate = PortOneWebhook({ secret }) as (...args: unknown[]) => void;
    class Shop {}
    expect(() => decorate(Shop)).toThrow(/route handler/);
    expect(() => decorate(Shop, 'paid', { value: () => 1 })).toThrow(
      /route handler/,
    );
    expect(RequestMethod.POST).toBeDefined();
  });
});
