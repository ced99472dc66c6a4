/** Commands to paste into another terminal. They contain the API key only if it was generated for the emulator. */
export function whatToTry(url: string, isEmulated: boolean): string {
  const key = isEmulated ? process.env['SHOP_API_KEY'] : '$SHOP_API_KEY';
  const paymentId = isEmulated ? 'payment-1' : '<paymentId>';
  return `
The shop is at ${url}, in front of ${isEmulated ? 'the PortOne emulator' : 'PortOne'}. Try:

  A payment:
    curl -i -H "X-API-Key: ${key}" ${url}/payments/${paymentId}
  Its refund:
    curl -i -H "X-API-Key: ${key}" -H 'Idempotency-Key: "refund-of-order-0001"' -H 'Content-Type: application/json' -d '{"reason":"changed my mind"}' ${url}/payments/${paymentId}/cancel
  A route this API secret has no permission for:
    curl -i -H "X-API-Key: ${key}" ${url}/payouts
  A caller without the key of the shop:
    curl -i ${url}/payments/${paymentId}

Ctrl-C ends it.
`;
}
