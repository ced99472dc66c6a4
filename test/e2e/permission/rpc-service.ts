import {
  ClientProxyFactory,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { freePort } from '../../support/free-port.js';
import {
  openGuardedApp,
  verifyingBy,
  type GuardedAppParts,
} from './guarded-app.js';

/** An app that also listens for messages over TCP, and a client that returns an error instead of throwing it. */
export async function openService(parts: GuardedAppParts) {
  const port = await freePort();
  const tcp = { host: '127.0.0.1', port };
  const opened = await openGuardedApp({
    permissions: verifyingBy(),
    prepare: async (app) => {
      app.connectMicroservice<MicroserviceOptions>({
        transport: Transport.TCP,
        options: tcp,
      });
      await app.startAllMicroservices();
    },
    ...parts,
  });
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: tcp,
  });
  const send = async (pattern: string, message: unknown = {}) => {
    try {
      return await firstValueFrom(client.send<unknown>(pattern, message));
    } catch (error) {
      return error;
    }
  };
  return { ...opened, send, client };
}
