import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import {
  PortOneEmulator,
  stubPortOne,
  type EmulatedPayment,
  type PaymentStatus,
  type WebhookDelivery,
} from 'nestjs-portone-auth/testing';
import { expectType, type Same } from './expect-type.js';

const portone = await PortOneEmulator.start();

expectType<Same<EmulatedPayment['status'], PaymentStatus>>();
portone.addPayment({ id: '1', status: 'FAILED', amount: { taxFree: 100 } });
// @ts-expect-error there is no such status
portone.addPayment({ id: '1', status: 'DONE' });

portone.on('POST', '/payments/:paymentId/billing-key', async ({ params }) => ({
  status: 200,
  body: { paymentId: params['paymentId'] },
}));
portone.on('GET', '/banks', () => ({ items: [] }), { permission: null });
// @ts-expect-error a path begins with a slash
portone.fail('payments', { kind: 'hang' });
portone.fail('POST /payments/:paymentId/cancel', { kind: 'hang' });
portone.fail('PATCH', { kind: 'status', status: 403 }, { times: 1 });
portone.fail('tokens', { kind: 'missing-tokens' });
// @ts-expect-error this fault is for token calls only
portone.fail('/payments', { kind: 'missing-tokens' });
portone.delay('GET', () => 5);
portone.heal('/payments/:paymentId');

const delivery = await portone.sendWebhook('http://127.0.0.1:3000/webhooks', {
  type: 'Transaction.Paid',
  data: { paymentId: 'payment-1' },
});
expectType<Same<typeof delivery, WebhookDelivery>>();

const builder = Test.createTestingModule({});
expectType<
  Same<
    ReturnType<typeof stubPortOne<TestingModuleBuilder>>,
    TestingModuleBuilder
  >
>();
await stubPortOne(builder, {
  respond: ({ client, path, body }) => ({ client, path, body }),
  clients: { b: { permissions: [], unavailable: true } },
}).compile();
