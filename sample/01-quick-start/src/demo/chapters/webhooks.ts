import type { Report } from '../../../../shared/report.js';
import type { Shop } from '../open-shop.js';

const EVENT = {
  type: 'Transaction.Paid',
  data: { paymentId: 'payment-1' },
} as const;
/** Any secret but the one of the shop. */
const FORGED = `whsec_${btoa('a-secret-that-the-shop-does-not-have')}`;

/** A webhook of PortOne, the same once more, and a forged one. */
export async function webhooks(report: Report, shop: Shop): Promise<void> {
  const { portone } = shop;
  const url = `${shop.url}/webhooks/portone`;

  await report.step(
    'A webhook with the signature of PortOne is handled, and only once when PortOne sends it again',
    { first: '200 handled', again: '200 known' },
    async () => {
      const id = 'webhook-0001';
      const first = await portone.sendWebhook(url, EVENT, { id });
      const again = await portone.sendWebhook(url, EVENT, { id });
      return { first: outcomeOf(first), again: outcomeOf(again) };
    },
  );

  await report.step(
    'A forged webhook is turned away: no secret of the shop signed it',
    { status: 401, code: 'PORTONE_WEBHOOK_SIGNATURE_INVALID' },
    async () => {
      const { status, body } = await portone.sendWebhook(url, EVENT, {
        secret: FORGED,
      });
      const { code } = JSON.parse(body) as { code: string };
      return { status, code };
    },
  );
}

function outcomeOf({ status, body }: { status: number; body: string }): string {
  const { handled } = JSON.parse(body) as { handled: boolean };
  return `${status} ${handled ? 'handled' : 'known'}`;
}
