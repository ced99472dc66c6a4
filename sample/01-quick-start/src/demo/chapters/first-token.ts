import { TokenService } from 'nestjs-portone-auth';
import type { Report } from '../../../../shared/report.js';
import type { Shop } from '../open-shop.js';

/** The boot, the first payment, and requests that the shop denies without a call to PortOne. */
export async function firstToken(report: Report, shop: Shop): Promise<void> {
  const { portone } = shop;
  const { calls } = portone;
  const tokens = shop.app.get(TokenService);

  await report.step(
    'The shop has logged in before it takes its first request',
    { logins: 1, refreshes: 0, token: 'fresh' },
    async () => ({
      logins: calls.login,
      refreshes: calls.refresh,
      token: tokens.snapshot().state,
    }),
  );

  await report.step(
    'A payment is read with the token; the API secret was sent to the login only',
    { status: 200, payment: 'PAID', scheme: 'Bearer', secretSentTo: 'login' },
    async () => {
      const response = await shop.call('/payments/payment-1');
      const payment = (await response.json()) as { status: string };
      const sent = calls.requests.find(({ endpoint }) => endpoint === 'api');
      const withSecret = calls.requests.filter((request) =>
        JSON.stringify(request).includes(portone.apiSecret),
      );
      return {
        status: response.status,
        payment: payment.status,
        scheme: sent?.headers.authorization?.split(' ')[0] ?? 'none',
        secretSentTo: withSecret.map(({ endpoint }) => endpoint).join(),
      };
    },
  );

  await report.step(
    'A caller without the API key of the shop gets 401, without a call to PortOne',
    { status: 401, apiCalls: 0 },
    async () => {
      portone.resetCalls();
      const headers = { 'X-API-Key': 'another-key' };
      const { status } = await shop.call('/payments/payment-1', { headers });
      return { status, apiCalls: calls.api };
    },
  );

  await report.step(
    'A route whose permission is missing in the token answers 403, without a call to PortOne',
    { status: 403, code: 'PORTONE_SERVICE_PERMISSION_MISSING', apiCalls: 0 },
    async () => {
      portone.resetCalls();
      const response = await shop.call('/payouts');
      const { code } = (await response.json()) as { code: string };
      return { status: response.status, code, apiCalls: calls.api };
    },
  );

  await report.step(
    'A payment is cancelled under the Idempotency-Key of the caller; a second cancellation is rejected',
    { first: 200, cancellation: 'SUCCEEDED', second: 409 },
    async () => {
      const first = await cancel(shop, 'refund-of-order-0001');
      const { status } = (await first.json()) as { status: string };
      const second = await cancel(shop, 'refund-of-order-0002');
      return {
        first: first.status,
        cancellation: status,
        second: second.status,
      };
    },
  );
}

const cancel = (shop: Shop, idempotencyKey: string): Promise<Response> =>
  shop.call('/payments/payment-2/cancel', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': `"${idempotencyKey}"`,
    },
    body: JSON.stringify({ reason: 'changed my mind' }),
  });
