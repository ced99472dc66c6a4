import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuthModule } from '../../../lib/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { manualModule } from '../../support/manual-module.js';

interface Finds {
  find(paymentId: string): Promise<unknown>;
}

interface Refunds {
  refund(paymentId: string, nth: number): Promise<unknown>;
}

let portone: PortOneEmulator;
let module: TestingModule;
let recipes: Record<string, unknown>;

/** An instance of a class that the page shows. */
const recipe = <T>(name: string): T => module.get(recipes[name] as Type<T>);

describe.each(['docs/fetch.md', 'docs/ko/fetch.md'])(
  'The code of %s',
  (page) => {
    beforeAll(async () => {
      portone = await PortOneEmulator.start();
      const { apiSecret, url: baseURL } = portone;
      recipes = await manualModule(page, { 'https://api.portone.io': baseURL });
      module = await Test.createTestingModule({
        imports: [AuthModule.forRoot({ apiSecret, baseURL })],
        providers: Object.values(recipes) as Type[],
      }).compile();
      module.useLogger(false);
      await module.init();
    });
    beforeEach(() => {
      portone.revokeAccessTokens();
      portone.resetCalls();
    });
    afterAll(async () => {
      await module.close();
      await portone.stop();
    });

    it('refunds once for one Idempotency-Key', async () => {
      const refunds = recipe<Refunds>('Refunds');
      const first = await refunds.refund('payment-2', 1);
      expect(first).toMatchObject({ cancellation: { status: 'SUCCEEDED' } });
      expect(await refunds.refund('payment-2', 1)).toEqual(first);
      await expect(refunds.refund('payment-2', 2)).rejects.toThrow('409');
    });

    it.each(['TypedPayments', 'KyPayments'])(
      '%s reads a payment, and replays once after the token is revoked',
      async (name) => {
        const payments = recipe<Finds>(name);
        expect(await payments.find('payment-1')).toMatchObject({
          id: 'payment-1',
          status: 'PAID',
        });
        expect(portone.calls).toMatchObject({ api: 2, tokens: 1 });
      },
    );

    it.each(['TypedPayments', 'KyPayments'])(
      '%s does not call another endpoint for any id',
      async (name) => {
        const payments = recipe<Finds>(name);
        for (const id of ['..', '.', '']) {
          const found = (async () => payments.find(id))();
          await expect(found).rejects.toThrow(URIError);
        }
        await payments.find('../stores').catch(() => undefined);
        expect(
          portone.calls.requests
            .filter(({ endpoint }) => endpoint === 'api')
            .map(({ path }) => path),
        ).toEqual(['/payments/..%2Fstores', '/payments/..%2Fstores']);
      },
    );

    it('uses types of the SDK that fit the answers', async () => {
      const payments = recipe<{ isPaid(id: string): Promise<boolean> }>(
        'SdkTypedPayments',
      );
      expect(await payments.isPaid('payment-1')).toBe(true);
    });
  },
);
