import { randomUUID } from 'node:crypto';
import {
  PortOneEmulator,
  type PortOneEmulatorOptions,
} from 'nestjs-portone-auth/testing';

/**
 * With PORTONE_EMULATOR=1, starts the PortOne emulator and sets the variables of the environment to it. The code of the shop stays
 * the same. Throws under NODE_ENV=production, because payments of an emulator are not real.
 */
export async function emulatorIfAsked(
  env: NodeJS.ProcessEnv,
  options: PortOneEmulatorOptions = {},
): Promise<PortOneEmulator | undefined> {
  if (env['PORTONE_EMULATOR'] !== '1') return undefined;
  if (env['NODE_ENV'] === 'production') {
    throw new Error(
      'PORTONE_EMULATOR=1 is not allowed under NODE_ENV=production: payments of an emulator are not real.',
    );
  }
  const portone = await PortOneEmulator.start({
    permissions: ['TX_READ', 'TX_UPDATE'],
    ...options,
  });
  env['PORTONE_API_SECRET'] = portone.apiSecret;
  env['PORTONE_API_BASE_URL'] = portone.url;
  env['PORTONE_WEBHOOK_SECRET'] = portone.webhookSecret;
  env['SHOP_API_KEY'] ??= randomUUID();
  return portone;
}
