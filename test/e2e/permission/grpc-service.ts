import { fileURLToPath } from 'node:url';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type ClientDuplexStream,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import {
  Controller,
  Injectable,
  UseFilters,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import {
  GrpcMethod,
  GrpcStreamCall,
  GrpcStreamMethod,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { of } from 'rxjs';
import { freePort } from '../../support/free-port.js';
import {
  PermissionGuard,
  RequirePermission,
  TokenService,
  TokenUnavailableFilter,
} from '../../../lib/index.js';
import {
  openGuardedApp,
  verifyingBy,
  type GuardedAppParts,
} from './guarded-app.js';

const PROTO = fileURLToPath(
  new URL('../../support/payments.proto', import.meta.url),
);

/** Callers send their token in the metadata. */
@Injectable()
class MetadataGuard extends PermissionGuard {
  protected override getRequest(context: ExecutionContext) {
    const metadata = context.switchToRpc().getContext<Metadata>();
    return { headers: metadata.getMap() };
  }
}

@Controller()
class Payments {
  constructor(private readonly tokens: TokenService) {}

  @GrpcMethod()
  @RequirePermission('TX_UPDATE')
  own() {
    return { text: 'own' };
  }

  @GrpcMethod()
  @RequirePermission('TX_UPDATE')
  ownMany() {
    return of({ text: 'own' }, { text: 'many' });
  }

  @GrpcMethod()
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers() {
    return { text: 'callers' };
  }

  @GrpcMethod()
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callersMany() {
    return of({ text: 'callers' });
  }

  @GrpcStreamMethod()
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callersChat() {
    return of({ text: 'callers' });
  }

  @GrpcStreamMethod()
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callersUpload() {
    return of({ text: 'callers' });
  }

  @GrpcStreamCall()
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callersRaw(call: { end(): void }) {
    call.end();
  }

  @GrpcStreamCall()
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callersRawUpload(_: object, done: (error: null, answer: object) => void) {
    done(null, { text: 'callers' });
  }

  @GrpcMethod()
  @UseGuards(MetadataGuard)
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  byMetadata() {
    return { text: 'by metadata' };
  }

  @GrpcMethod()
  @UseFilters(TokenUnavailableFilter)
  async unavailable() {
    return { text: await this.tokens.getAccessToken() };
  }
}

const clients: { close(): void }[] = [];

/** A service with the handlers above, and a client for it. */
export async function openGrpcService(parts: GuardedAppParts = {}) {
  const url = `127.0.0.1:${await freePort()}`;
  const opened = await openGuardedApp({
    controllers: [Payments],
    permissions: verifyingBy(),
    prepare: async (app) => {
      app.connectMicroservice<MicroserviceOptions>({
        transport: Transport.GRPC,
        options: { package: 'payments', protoPath: PROTO, url },
      });
      await app.startAllMicroservices();
    },
    ...parts,
  });
  const loaded = loadPackageDefinition(loadSync(PROTO));
  const { Payments: Client } = loaded['payments'] as unknown as Record<
    string,
    ServiceClientConstructor
  >;
  const client = new Client!(url, credentials.createInsecure());
  clients.push(client);
  const methods = client as unknown as Record<string, Function>;
  const metadata = (authorization?: string) => {
    const sent = new Metadata();
    if (authorization) sent.set('authorization', authorization);
    return sent;
  };
  /** Calls a unary method. Returns its text or its error. */
  const ask = (method: string, authorization?: string) =>
    new Promise<string | ServiceError>((resolve) => {
      methods[method]!.call(
        client,
        {},
        metadata(authorization),
        (error: ServiceError | null, answer?: { text: string }) =>
          resolve(error ?? answer!.text),
      );
    });
  const upload = (method = 'callersUpload') =>
    new Promise<unknown>((resolve) => {
      const call = methods[method]!.call(
        client,
        (error: unknown, answer: unknown) => resolve(error ?? answer),
      ) as ClientDuplexStream<object, object>;
      call.end({});
    });
  /** Calls a streaming method. Returns all of its answers or its error. */
  const stream = (method: string, isSending: boolean) =>
    new Promise<unknown>((resolve) => {
      const call = methods[method]!.call(
        client,
        ...(isSending ? [] : [{}]),
      ) as ClientDuplexStream<object, object>;
      const texts: unknown[] = [];
      call.on('data', (data) => texts.push(data));
      call.on('error', resolve).on('end', () => resolve(texts));
      if (isSending) call.end({});
    });
  return { ...opened, ask, upload, stream };
}

/** Closes every client of {@link openGrpcService}; for `afterEach`. */
export function closeGrpcClients(): void {
  for (const client of clients.splice(0)) client.close();
}
