import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  DynamicModule,
  INestApplication,
  LoggerService,
  Provider,
  Type,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import {
  FastifyAdapter,
  type NestFastifyApplication,
} from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import {
  AuthModule,
  isAuthConfigurationError,
  TokenService,
  type AuthModuleSyncOptions,
  type PermissionsOptions,
  type TokenEvent,
} from '../../../lib/index.js';
import {
  PortOneEmulator,
  type PortOneEmulatorOptions,
} from '../../../lib/testing/index.js';
import { inVirtualTime } from '../../support/in-virtual-time.js';
import { VirtualTime } from '../../support/virtual-time.js';

export const platforms = ['express', 'fastify'] as const;
export type Platform = (typeof platforms)[number];

/** The parts of an app under test. */
export interface GuardedAppParts {
  platform?: Platform;
  controllers?: Type[];
  providers?: Provider[];
  imports?: (DynamicModule | Type)[];
  permissions?: (portone: PortOneEmulator) => PermissionsOptions;
  options?: Partial<AuthModuleSyncOptions>;
  emulator?: PortOneEmulatorOptions;
  portone?: PortOneEmulator;
  time?: VirtualTime;
  /** Replaces providers or guards in the app. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** Called before the app listens. */
  prepare?: (app: INestApplication) => unknown;
}

/** The answer to one request. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface GuardedApp {
  readonly app: INestApplication;
  readonly portone: PortOneEmulator;
  readonly tokens: TokenService;
  readonly time: VirtualTime;
  readonly url: string;
  readonly log: RecordingLog;
  readonly events: TokenEvent[];
  ask(
    path: string,
    authorization?: string | string[],
    method?: string,
  ): Promise<RawAnswer>;
}

/** Keeps every log entry as one line, `level context: message`. */
export class RecordingLog implements LoggerService {
  readonly lines: string[] = [];
  log = this.at('log');
  error = this.at('error');
  warn = this.at('warn');
  debug = this.at('debug');
  verbose = this.at('verbose');
  fatal = this.at('fatal');

  private at(level: string) {
    return (...parts: unknown[]): void => {
      const [message, ...rest] = parts;
      this.lines.push(`${level} ${String(rest.at(-1))}: ${String(message)}`);
    };
  }
}

const open: { close(): Promise<unknown> }[] = [];

/** Closes everything that {@link openGuardedApp} started; for `afterEach`. */
export async function closeGuardedApps(): Promise<void> {
  for (const part of open.splice(0).reverse()) await part.close();
}

/** Starts an emulator that `closeGuardedApps` stops. */
export async function openPortOne(
  options: PortOneEmulatorOptions = {},
): Promise<PortOneEmulator> {
  const portone = await PortOneEmulator.start(options);
  open.push({ close: () => portone.stop() });
  return portone;
}

/** Permission options that verify callers with the keys of the emulator. */
export const verifyingBy =
  (options: Partial<PermissionsOptions['verification']> = {}) =>
  ({ jwksUri, merchantId }: PortOneEmulator): PermissionsOptions => ({
    verification: { jwksUri, merchantId, ...options },
  });

/** Boots an app on a free port. The app and the emulator use virtual time. */
export async function openGuardedApp(
  parts: GuardedAppParts,
): Promise<GuardedApp> {
  const time = parts.time ?? new VirtualTime();
  const portone =
    parts.portone ??
    (await openPortOne({ clock: time.trueTime, ...parts.emulator }));
  const log = new RecordingLog();
  const module = Test.createTestingModule({
    imports: [
      AuthModule.forRoot({
        isGlobal: true,
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        ...(parts.permissions && { permissions: parts.permissions(portone) }),
        ...parts.options,
      }),
      ...(parts.imports ?? []),
    ],
    controllers: parts.controllers ?? [],
    providers: parts.providers ?? [],
  }).setLogger(log);
  const builder = inVirtualTime(module, time);
  const testing = await (parts.override?.(builder) ?? builder).compile();
  const app =
    parts.platform === 'fastify'
      ? testing.createNestApplication<NestFastifyApplication>(
          new FastifyAdapter(),
        )
      : testing.createNestApplication(new ExpressAdapter());
  app.useLogger(log);
  open.push(app);
  const tokens = testing.get(TokenService);
  const events: TokenEvent[] = [];
  tokens.events$.subscribe((event) => events.push(event));
  await parts.prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as { address(): AddressInfo };
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    app,
    portone,
    tokens,
    time,
    url,
    log,
    events,
    ask: (path, authorization, method = 'GET') =>
      send(`${url}${path}`, method, authorization),
  };
}

/** The problems that stopped the boot, each as `field message`. */
export async function problemsOf(parts: GuardedAppParts): Promise<string[]> {
  const error: unknown = await openGuardedApp(parts).catch((e: unknown) => e);
  if (!isAuthConfigurationError(error))
    throw new Error('the app started', { cause: error });
  return error.problems.map(({ field, message }) => `${field} ${message}`);
}

const agent = new Agent({ keepAlive: true });

/** One request; `authorization` may be several headers. */
function send(
  url: string,
  method: string,
  authorization: string | string[] = [],
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent }, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
        }),
      );
      response.on('error', reject);
    });
    call.on('error', reject);
    const values = [authorization].flat();
    if (values.length > 0) call.setHeader('Authorization', values);
    call.end();
  });
}
