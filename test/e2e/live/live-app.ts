import { jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { openApp } from '../../../sample/03-live/src/open-app.js';
import { Stage } from '../../../sample/03-live/src/stage/stage.service.js';

/** The running sample, with the emulator that it uses. */
export interface LiveApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly portone: PortOneEmulator;
  close(): Promise<void>;
}

/** Starts the sample as `npm start` does, but on a free port and with a shorter life of its tokens. */
export async function openLive(
  env: Readonly<Record<string, string>> = {},
): Promise<LiveApp> {
  const { REDIS_URL: _, SHOP_API_KEY: __, ...rest } = process.env;
  const replaced = jest.replaceProperty(process, 'env', {
    ...rest,
    PORTONE_EMULATOR: '1',
    TOKEN_SECONDS: '30',
    ...env,
  });
  try {
    const app = await openApp({ logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    return {
      app,
      url: await app.getUrl(),
      portone: app.get(Stage, { strict: false }).portone,
      close: async () => {
        await app.close();
        replaced.restore();
      },
    };
  } catch (error) {
    replaced.restore();
    throw error;
  }
}
