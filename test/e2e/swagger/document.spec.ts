import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  HttpCode,
  Post,
  VersioningType,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  DocumentBuilder,
  SwaggerModule,
} from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import {
  anyOf,
  AuthModule,
  RequirePermission,
  SkipPermissionCheck,
} from '../../../lib/index.js';
import { documentPermissions } from '../../../lib/swagger/index.js';
import { PortOneWebhook } from '../../../lib/webhook/index.js';
import { LogBook } from '../../support/log-book.js';
import { newSecret } from '../webhook/signed.js';

interface Operation {
  operationId: string;
  responses: Record<string, { description: string; content?: object }>;
  security?: object[];
  parameters?: { name: string; in: string }[];
  [extension: `x-${string}`]: unknown;
}

class Payment {
  @ApiProperty()
  id!: string;
}

@Controller({ path: 'payments', version: '1' })
@RequirePermission('TX_READ')
class Payments {
  @Get(':id')
  one() {
    return {};
  }

  @Post(':id/cancel')
  @RequirePermission({ source: 'caller' }, anyOf('TX_UPDATE', 'RECON_READ'))
  cancel() {
    return {};
  }

  @Post('search')
  @HttpCode(200)
  @ApiOperation({ operationId: 'searchPayments' })
  search() {
    return {};
  }

  @Get()
  @ApiOkResponse({ type: Payment, description: 'The payments.' })
  list() {
    return [];
  }

  @Get('open')
  @SkipPermissionCheck()
  open() {
    return {};
  }

  /** Swagger's compiler plugin writes such a method. */
  static _OPENAPI_METADATA_FACTORY() {
    return { one: { type: Payment }, cancel: {}, search: {}, open: {} };
  }
}

@Controller('webhooks')
class Webhooks {
  @Post('portone')
  @HttpCode(200)
  @PortOneWebhook({ secret: newSecret() })
  paid() {}
}

const opened: INestApplication[] = [];

async function documentOf(controllers: Type[], times = 1) {
  const module = await Test.createTestingModule({
    imports: [
      AuthModule.forRoot({
        apiSecret: 'not-used',
        baseURL: 'http://127.0.0.1:1',
        eager: false,
        permissions: {
          verification: { jwksUri: 'http://127.0.0.1:1/jwks' },
        },
      }),
    ],
    controllers,
  })
    .setLogger(new LogBook())
    .compile();
  const app = module.createNestApplication({ rawBody: true });
  opened.push(app);
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI });
  for (let time = 0; time < times; time += 1) documentPermissions(app);
  const config = new DocumentBuilder().addBearerAuth().build();
  const { paths } = SwaggerModule.createDocument(app, config);
  return (path: string, method: string): Operation =>
    (paths[path] as unknown as Record<string, Operation>)[method]!;
}

describe('A Swagger document', () => {
  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
  });

  it('shows which permissions of our own token an operation requires, and the responses of a denial', async () => {
    const operation = await documentOf([Payments]);
    const one = operation('/api/v1/payments/{id}', 'get');
    expect(one['x-portone-permissions']).toEqual(['TX_READ']);
    expect(Object.keys(one.responses)).toEqual(['200', '403', '503']);
    expect(one.security).toBeUndefined();
  });

  it('has bearer security only where the token of the caller is checked', async () => {
    const operation = await documentOf([Payments]);
    const cancel = operation('/api/v1/payments/{id}/cancel', 'post');
    expect(cancel['x-portone-permissions']).toEqual([
      { anyOf: ['TX_UPDATE', 'RECON_READ'] },
      'TX_READ',
    ]);
    expect(cancel.security).toEqual([{ bearer: [] }]);
    expect(Object.keys(cancel.responses)).toEqual(['201', '401', '403', '503']);
  });

  it('keeps the success response of an operation: its status, what the app documents, and what the plugin adds', async () => {
    const operation = await documentOf([Payments]);
    const search = operation('/api/v1/payments/search', 'post');
    expect(search.operationId).toBe('searchPayments');
    expect(Object.keys(search.responses)).toEqual(['200', '403', '503']);
    const list = operation('/api/v1/payments', 'get');
    expect(list.responses['200']?.description).toBe('The payments.');
    const one = operation('/api/v1/payments/{id}', 'get');
    expect(JSON.stringify(one.responses['200']?.content)).toContain('Payment');
  });

  it('adds nothing to an operation without a requirement', async () => {
    const operation = await documentOf([Payments]);
    const open = operation('/api/v1/payments/open', 'get');
    expect(open['x-portone-permissions']).toBeUndefined();
    expect(Object.keys(open.responses)).toEqual(['200']);
  });

  it('marks a webhook route, and shows its headers and the responses 401 and 503', async () => {
    const operation = await documentOf([Webhooks]);
    const paid = operation('/api/webhooks/portone', 'post');
    expect(paid['x-portone-webhook']).toBe(true);
    expect(paid.parameters?.map(({ name }) => name).sort()).toEqual([
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
    ]);
    expect(Object.keys(paid.responses)).toEqual(['200', '401', '503']);
    expect(paid.security).toBeUndefined();
  });

  it('is the same when documentPermissions is called twice', async () => {
    const once = (await documentOf([Payments]))('/api/v1/payments', 'get');
    const twice = (await documentOf([Payments], 2))('/api/v1/payments', 'get');
    expect(twice).toEqual(once);
  });
});
