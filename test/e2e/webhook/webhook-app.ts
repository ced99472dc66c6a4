import type { AddressInfo } from 'node:net';
import type {
  DynamicModule,
  INestApplication,
  Provider,
  Type,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LogBook } from '../../support/log-book.js';
import { PAID, signed } from './signed.js';

export const platforms = ['express', 'fastify'] as const;

export interface WebhookAppParts {
  controllers: Type[];
  platform?: (typeof platforms)[number];
  imports?: (DynamicModule | Type)[];
  providers?: Provider[];
  rawBody?: boolean;
  prepare?: (app: INestApplication) => unknown;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const open: INestApplication[] = [];

/** An app with webhook routes, listening on loopback. */
export async function openWebhookApp({
  controllers,
  platform = 'express',
  imports = [],
  providers = [],
  rawBody = true,
  prepare,
}: WebhookAppParts) {
  const logs = new LogBook();
  const module = await Test.createTestingModule({
    controllers,
    imports,
    providers,
  })
    .setLogger(logs)
    .compile();
  const adapter =
    platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = module.createNestApplication(adapter, { rawBody });
  app.useLogger(logs);
  await prepare?.(app);
  open.push(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const send = async (
    path: string,
    headers: Record<string, string>,
    body = PAID,
  ): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers,
      body,
    });
    const text = await answer.text();
    const isJson = /^[[{]/.test(text);
    return {
      status: answer.status,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  };
  return {
    app,
    logs,
    send,
    sendSigned: (path: string, secret: string, body = PAID) =>
      send(path, signed(secret, body), body),
  };
}

export async function closeWebhookApps(): Promise<void> {
  await Promise.all(open.splice(0).map((app) => app.close()));
}
