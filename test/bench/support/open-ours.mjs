import { NestFactory } from '@nestjs/core';
import {
  AuthModule,
  PortOneHttpService,
  TokenService,
} from '../../../dist/index.js';

/**
 * Boots our module as an app does.
 *
 * @param {{ url: string, apiSecret: string }} portone
 * @param {import('../../../dist/index.js').AuthModuleOptions} options
 */
export async function openOurs(portone, options = {}) {
  const app = await NestFactory.createApplicationContext(
    AuthModule.forRoot({
      apiSecret: portone.apiSecret,
      baseURL: portone.url,
      ...options,
    }),
    { logger: false },
  );
  return {
    http: app.get(PortOneHttpService),
    tokens: app.get(TokenService),
    close: () => app.close(),
  };
}
