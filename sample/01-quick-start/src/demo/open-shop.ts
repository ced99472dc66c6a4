import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { PortOneEmulator } from 'nestjs-portone-auth/testing';
import { AppModule } from '../app.module.js';
import { emulatorIfAsked } from '../emulator.js';
import { PortOneOptions } from '../portone.options.js';

/** The running shop, its emulated PortOne, and a way to call it. */
export interface Shop {
  readonly app: INestApplication;
  readonly portone: PortOneEmulator;
  readonly url: string;
  /** A request with the shop's API key. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

/** Seconds. Long enough for an outage within one lifetime, also on a busy machine. */
const ACCESS_TOKEN_LIFETIME = 5;

/** Starts the AppModule of `npm run start:shop` on a free port, with tokens that live a few seconds and a short backoff. */
export async function openShop(): Promise<Shop> {
  const portone = await emulatorIfAsked(process.env, {
    accessTokenLifetime: ACCESS_TOKEN_LIFETIME,
  });
  if (!portone) throw new Error('Run it as: npm run demo (PORTONE_EMULATOR=1)');
  const options = new PortOneOptions().createAuthOptions();
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(PortOneOptions)
    .useValue({
      createAuthOptions: () => ({
        ...options,
        renewal: { at: 0.5, backoff: { initial: 200, max: 400 } },
      }),
    })
    .compile();
  const app = module.createNestApplication({
    logger: ['error', 'fatal'],
    rawBody: true,
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    portone,
    url,
    call: (path, init = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { 'X-API-Key': process.env['SHOP_API_KEY']!, ...init.headers },
      }),
  };
}
