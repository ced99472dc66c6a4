import { idempotencyKey, TokenService } from 'nestjs-portone-auth';
import { nextRenewal } from './next-renewal.js';
import { openShop } from './open-shop.js';
import { Report } from '../../../shared/report.js';
import { steadyTraffic } from './steady-traffic.js';

const SCHEDULED_RENEWALS = 3;
const FAILED_RENEWALS = 2;
const SHUTDOWN_MS = 5_000;

const report = new Report();
const shop = await openShop();
const { app, portone } = shop;
const { calls } = portone;
const tokens = app.get(TokenService);

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
  'A payment is read with the token; the API secret went to the login and nowhere else',
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
  'A caller without the API key is turned away, and PortOne is not asked',
  { status: 401, apiCalls: 0 },
  async () => {
    portone.resetCalls();
    const headers = { 'X-API-Key': 'of somebody else' };
    const { status } = await shop.call('/payments/payment-1', { headers });
    return { status, apiCalls: calls.api };
  },
);

await report.step(
  'A route this secret has no permission for is denied, and PortOne is not asked',
  { status: 403, code: 'PORTONE_SERVICE_PERMISSION_MISSING', apiCalls: 0 },
  async () => {
    portone.resetCalls();
    const response = await shop.call('/payouts');
    const { code } = (await response.json()) as { code: string };
    return { status: response.status, code, apiCalls: calls.api };
  },
);

await report.step(
  'A payment is cancelled under the Idempotency-Key of the caller; a second refund is refused',
  { first: 200, cancellation: 'SUCCEEDED', second: 409 },
  async () => {
    const cancel = (refund: string) =>
      shop.call('/payments/payment-2/cancel', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': idempotencyKey(refund),
        },
        body: JSON.stringify({ reason: 'changed my mind' }),
      });
    const first = await cancel('refund-of-order-0001');
    const { status } = (await first.json()) as { status: string };
    const second = await cancel('refund-of-order-0002');
    return {
      first: first.status,
      cancellation: status,
      second: second.status,
    };
  },
);

await report.step(
  'With nobody calling, the schedule renews by itself, by refresh',
  { renewals: 1, logins: 0, apiCalls: 0 },
  async () => {
    portone.resetCalls();
    await nextRenewal(tokens);
    return {
      renewals: calls.refresh,
      logins: calls.login,
      apiCalls: calls.api,
    };
  },
);

await report.step(
  'Steady traffic through several renewals: each by one refresh, ahead of time, unnoticed',
  { renewals: SCHEDULED_RENEWALS, logins: 0, refused: 0, failed: 0 },
  async () => {
    portone.resetCalls();
    let renewals = 0;
    const counting = tokens.events$.subscribe(({ type }) => {
      if (type === 'renewed') renewals += 1;
    });
    const failed = await steadyTraffic(
      shop,
      () => renewals === SCHEDULED_RENEWALS,
    );
    counting.unsubscribe();
    return {
      renewals: calls.refresh,
      logins: calls.login,
      refused: calls.unauthorized,
      failed,
    };
  },
);

await report.step(
  'A revoked token is healed by one renewal and one replay',
  { status: 200, refused: 1, apiCalls: 2, tokenCalls: 1 },
  async () => {
    portone.resetCalls();
    portone.revokeAccessTokens();
    const { status } = await shop.call('/payments/payment-3');
    return {
      status,
      refused: calls.unauthorized,
      apiCalls: calls.api,
      tokenCalls: calls.tokens,
    };
  },
);

await report.step(
  `The token endpoints answer 503 to ${FAILED_RENEWALS} renewals: nobody notices, and it recovers by itself`,
  { failedRenewals: FAILED_RENEWALS, recovered: 1, refused: 0, failed: 0 },
  async () => {
    portone.resetCalls();
    portone.fail('tokens', { kind: 'status', status: 503 });
    let failedRenewals = 0;
    let recovered = 0;
    const counting = tokens.events$.subscribe(({ type }) => {
      if (type === 'renewed') recovered += 1;
      if (type !== 'renewal-failed') return;
      failedRenewals += 1;
      if (failedRenewals === FAILED_RENEWALS) portone.heal('tokens');
    });
    const failed = await steadyTraffic(shop, () => recovered === 1);
    counting.unsubscribe();
    return { failedRenewals, recovered, refused: calls.unauthorized, failed };
  },
);

await report.step(
  'The shop closes: its port is free, its events have ended, nothing is left to wait for',
  { events: 'completed', port: 'closed' },
  async () => {
    let events = 'open';
    tokens.events$.subscribe({ complete: () => (events = 'completed') });
    await app.close();
    const port = await shop.call('/payments/payment-1').then(
      () => 'open',
      () => 'closed',
    );
    return { events, port };
  },
);
await portone.stop();

// The loop runs empty once nothing is left to wait for; only then the count is final. The timer keeps nothing alive.
process.once('beforeExit', () => {
  process.exitCode = report.finish() ? 0 : 1;
});
setTimeout(() => {
  console.error(`Something still runs ${SHUTDOWN_MS} ms after the shutdown.`);
  process.exit(1);
}, SHUTDOWN_MS).unref();
