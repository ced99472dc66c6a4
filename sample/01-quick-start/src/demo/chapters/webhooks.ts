import type { Report } from '../../../../shared/report.js';
import type { Shop } from '../open-shop.js';

const EVENT = {
  type: 'Transaction.Paid',
  data: { paymentId: 'payment-1' },
} as const;
/** Another secret than that of the shop. */
const OTHER_SECRET = `whsec_${btoa('a-secret-that-the-shop-does-not-have')}`;

/** A webhook of PortOne, the same webhook again, and a forged one. */
export async function webhooks(report: Report, shop: Shop): Promise<void> {
  const { portone } = shop;
  const url = `${shop.url}/webhooks/portone`;

  await report.step(
    'A webhook with the signature of PortOne is handled; the same webhook again is not handled twice',
    { first: '200 handled', again: '200 known' },
    async () => {
      const id = 'webhook-0001';
      const first = await portone.sendWebhook(url, EVENT, { id });
      const again = await portone.sendWebhook(url, EVENT, { id });
      return { first: outcomeOf(first), again: outcomeOf(again) };
    },
  );

  await report.step(
    'A forged webhook gets 401: it is signed with another secret',
    { status: 401, code: 'PORTONE_WEBHOOK_SIGNATURE_INVALID' },
    async () => {
      const { status, body } = await portone.sendWebhook(url, EVENT, {
        secret: OTHER_SECRET,
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
