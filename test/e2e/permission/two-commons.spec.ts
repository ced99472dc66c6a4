import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
} from '@jest/globals';
import { join } from 'node:path';
import {
  Catch,
  Controller,
  Get,
  HttpException,
  type ArgumentsHost,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  loadSecondCopyWithItsOwn,
  type SecondCopy,
} from '../../support/second-copy.js';
import {
  closeGuardedApps,
  openPortOne,
  platforms,
  type Platform,
} from './guarded-app.js';

let copy: SecondCopy;
let app: INestApplication | undefined;

beforeAll(async () => {
  copy = await loadSecondCopyWithItsOwn('@nestjs/common');
  const common = (await import(
    join(copy.folder, 'node_modules/@nestjs/common/index.js')
  )) as typeof import('@nestjs/common');
  expect(common.HttpException).not.toBe(HttpException);
  common.Logger.overrideLogger(false);
});
afterAll(() => copy?.remove());
afterEach(async () => {
  await app?.close();
  app = undefined;
  await closeGuardedApps();
});

const routes = ({ RequirePermission }: SecondCopy['theirs']): Type => {
  @Controller()
  class Payments {
    @Get('own')
    @RequirePermission('TX_UPDATE')
    own() {
      return 'own';
    }

    @Get('callers')
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    callers() {
      return 'callers';
    }
  }
  return Payments;
};

/** An app whose HttpException is not the class that the package uses. */
async function openApp(
  platform: Platform,
  prepare: (app: INestApplication) => unknown = () => undefined,
) {
  const portone = await openPortOne({ permissions: [] });
  const { jwksUri, merchantId } = portone;
  const testing = await Test.createTestingModule({
    imports: [
      copy.theirs.AuthModule.forRoot({
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        permissions: { verification: { jwksUri, merchantId } },
      }),
    ],
    controllers: [routes(copy.theirs)],
  }).compile();
  app = testing.createNestApplication(
    platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(),
    { logger: false },
  );
  await prepare(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const ask = async (path: string, authorization?: string) => {
    const headers = { ...(authorization && { authorization }) };
    const answer = await fetch(`${url}/${path}`, { headers });
    const body = (await answer.json()) as { message: unknown };
    const challenge = answer.headers.get('www-authenticate');
    const retryAfter = answer.headers.get('retry-after');
    return [answer.status, body.message, challenge ?? retryAfter];
  };
  return { ask, portone };
}

describe('A denial by a package with another copy of @nestjs/common', () => {
  it.each(platforms)(
    'has its status, text and headers on %s',
    async (platform) => {
      const { ask, portone } = await openApp(platform);
      portone.fail('jwks', { kind: 'status', status: 500 });
      const token = await portone.issueAccessToken();
      expect([
        await ask('callers'),
        await ask('callers', 'Bearer a b'),
        await ask('callers', `Bearer ${token}`),
        await ask('own'),
      ]).toEqual([
        [401, 'A Bearer access token is required.', 'Bearer realm="portone"'],
        [
          400,
          'The Authorization header must hold exactly one Bearer token.',
          expect.stringContaining('error="invalid_request"'),
        ],
        [503, 'Access tokens cannot be verified at the moment.', '30'],
        [
          403,
          'This service is not permitted to do that at the payment provider.',
          null,
        ],
      ]);
    },
  );

  it('keeps its status behind a filter that passes unknown errors on', async () => {
    @Catch()
    class Handing extends BaseExceptionFilter {
      override catch(error: unknown, host: ArgumentsHost): void {
        super.catch(error, host);
      }
    }
    const { ask } = await openApp('express', (opened) =>
      opened.useGlobalFilters(
        new Handing(opened.get(HttpAdapterHost).httpAdapter),
      ),
    );
    expect((await ask('callers'))[0]).toBe(401);
  });
});
