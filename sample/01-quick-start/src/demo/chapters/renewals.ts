import { TokenService } from 'nestjs-portone-auth';
import type { Report } from '../../../../shared/report.js';
import { nextRenewal } from '../next-renewal.js';
import type { Shop } from '../open-shop.js';
import { steadyTraffic } from '../steady-traffic.js';

const SCHEDULED_RENEWALS = 3;
const FAILED_RENEWALS = 2;

/** Scheduled renewals: without requests, under traffic, and while the token endpoints are down. */
export async function renewals(report: Report, shop: Shop): Promise<void> {
  const { portone } = shop;
  const { calls } = portone;
  const tokens = shop.app.get(TokenService);

  await report.step(
    'Without any request, the schedule renews the token by refresh',
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
    'Under steady traffic each renewal is one refresh, before the token expires; no request fails',
    { renewals: SCHEDULED_RENEWALS, logins: 0, refused: 0, failed: 0 },
    async () => {
      portone.resetCalls();
      let renewed = 0;
      const counting = tokens.events$.subscribe(({ type }) => {
        if (type === 'renewed') renewed += 1;
      });
      const failed = await steadyTraffic(
        shop,
        () => renewed === SCHEDULED_RENEWALS,
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
    `The token endpoints answer ${FAILED_RENEWALS} renewals with 503: no request fails, and the next renewal succeeds`,
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
}
