import type { Report } from '../../../../shared/report.js';
import type { Shop } from '../open-shop.js';

const STORM = 200;

/** PortOne refuses a token that has not expired: with one request, and with many at once. */
export async function refusals(report: Report, shop: Shop): Promise<void> {
  const { portone } = shop;
  const { calls } = portone;

  await report.step(
    'A revoked token costs one renewal and one replay; the caller gets 200',
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
    `${STORM} requests at once have a revoked token: all get 200 after one renewal`,
    { answered: STORM, refused: 'many', tokenCalls: 1 },
    async () => {
      portone.resetCalls();
      portone.revokeAccessTokens();
      // Slow answers: most requests are sent before the first 401 arrives.
      portone.delay('api', 500);
      const storm = Array.from({ length: STORM }, async () => {
        const response = await shop.call('/payments/payment-3');
        await response.arrayBuffer();
        return response.status;
      });
      const statuses = await Promise.all(storm);
      portone.delay('api', 0);
      return {
        answered: statuses.filter((status) => status === 200).length,
        refused: calls.unauthorized > 1 ? 'many' : calls.unauthorized,
        tokenCalls: calls.tokens,
      };
    },
  );
}
