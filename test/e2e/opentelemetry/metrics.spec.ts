import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import {
  AuthModule,
  RequirePermission,
  TokenService,
} from '../../../lib/index.js';
import { Test } from '@nestjs/testing';
import { closeShops, openEmulator } from '../../support/shop.js';
import { openObservedShop, Sdk } from './observed-shop.js';

const RENEWALS = 'portone.auth.token.renewal.duration';
const REMAINING = 'portone.auth.token.remaining';
const REPLAYS = 'portone.auth.request.replays';
const DENIALS = 'portone.auth.permission.denials';

let sdk: Sdk;

beforeEach(() => {
  sdk = new Sdk();
});
afterEach(async () => {
  await closeShops();
  await sdk.close();
});

describe('The metrics of a client', () => {
  it('record the seconds of each renewal by cause and method', async () => {
    const { tokens, advance } = await openObservedShop(sdk);
    await tokens.renew();
    await advance(30 * 60_000);
    const renewals = await sdk.points(RENEWALS);
    expect(renewals.map(({ attributes }) => attributes)).toEqual([
      { client: 'default', cause: 'cold', method: 'login' },
      { client: 'default', cause: 'forced', method: 'refresh' },
      { client: 'default', cause: 'planned', method: 'refresh' },
    ]);
    expect(renewals[0]!.value).toMatchObject({ count: 1 });
  });

  it('record the reason of a failed renewal', async () => {
    const { tokens, portone } = await openObservedShop(sdk);
    await sdk.points(RENEWALS);
    portone.fail('tokens', { kind: 'status', status: 503 });
    await tokens.renew().catch(() => undefined);
    expect(await sdk.values(RENEWALS)).toMatchObject([
      [
        {
          client: 'default',
          cause: 'forced',
          'error.type': 'PORTONE_TOKEN_STATUS',
        },
        { count: 1 },
      ],
    ]);
  });

  it('show the remaining time of the token, and its state', async () => {
    const { time } = await openObservedShop(sdk, {
      options: { renewal: { background: false } },
    });
    const [[fresh, seconds]] = (await sdk.values(REMAINING)) as [
      [object, number],
    ];
    expect(fresh).toEqual({ client: 'default', state: 'fresh' });
    expect(seconds).toBeGreaterThan(1_700);
    expect(seconds).toBeLessThan(1_800);
    await time.advance(1_800_000);
    expect(await sdk.values(REMAINING)).toEqual([
      [{ client: 'default', state: 'expired' }, 0],
      [{ client: 'default', state: 'fresh' }, 0],
    ]);
  });

  it('set a past state to 0 when the SDK repeats last values', async () => {
    await sdk.close();
    sdk = new Sdk(AggregationTemporality.CUMULATIVE);
    const { time } = await openObservedShop(sdk, {
      options: { renewal: { background: false } },
    });
    await sdk.values(REMAINING);
    await time.advance(1_800_000);
    expect(await sdk.values(REMAINING)).toContainEqual([
      { client: 'default', state: 'fresh' },
      0,
    ]);
  });

  it('are no longer collected after the app is closed', async () => {
    const { module } = await openObservedShop(sdk);
    expect(await sdk.values(REMAINING)).toHaveLength(1);
    await module.close();
    expect(await sdk.values(REMAINING)).toEqual([]);
  });

  it('count each replay by its outcome', async () => {
    const { http, portone } = await openObservedShop(sdk);
    portone.revokeAccessTokens();
    await Promise.all(
      [1, 2, 3].map((id) => http.axiosRef.get(`/payments/payment-${id}`)),
    );
    portone.fail('GET /payments/payment-9', {
      kind: 'status',
      status: 401,
    });
    await http.axiosRef.get('/payments/payment-9').catch(() => undefined);
    expect(await sdk.values(REPLAYS)).toEqual([
      [{ client: 'default', outcome: 'healed' }, 3],
      [{ client: 'default', outcome: 'unhealed' }, 1],
    ]);
  });

  it('count denials by source and code', async () => {
    @Controller()
    class Refunds {
      @Get('refunds')
      @RequirePermission('TX_UPDATE')
      find(): void {}
    }
    const portone = await openEmulator({ permissions: ['TX_READ'] });
    const { apiSecret, url: baseURL } = portone;
    const { telemetry } = sdk;
    const module = await Test.createTestingModule({
      imports: [AuthModule.forRoot({ apiSecret, baseURL, telemetry })],
      controllers: [Refunds],
    }).compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    for (let call = 0; call < 2; call += 1)
      await fetch(`${await app.getUrl()}/refunds`);
    await app.close();
    const attributes = {
      client: 'default',
      source: 'service',
      code: 'PORTONE_SERVICE_PERMISSION_MISSING',
    };
    expect(await sdk.values(DENIALS)).toEqual([[attributes, 2]]);
  });

  it('have separate values for each client of one PortOneTelemetry', async () => {
    const { telemetry } = sdk;
    const portone = await openEmulator();
    const { apiSecret, url: baseURL } = portone;
    const options = { apiSecret, baseURL, telemetry };
    const module = await Test.createTestingModule({
      imports: [
        AuthModule.forRoot(options),
        AuthModule.forRoot({ ...options, name: 'b' }),
      ],
    }).compile();
    await module.init();
    const clients = (await sdk.points(REMAINING)).map(
      ({ attributes }) => attributes['client'],
    );
    expect(clients.sort()).toEqual(['b', 'default']);
    expect(module.get(TokenService).snapshot().state).toBe('fresh');
    await module.close();
  });
});

it('An option `telemetry` that is no Telemetry stops the boot', async () => {
  await expect(
    openObservedShop(sdk, { options: { telemetry: {} as never } }),
  ).rejects.toThrow(/telemetry: must be a Telemetry/);
});
