import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';
import { ALLOWED, FOREIGN, OWN } from './origin-table.js';
import { transports } from './transports.js';

describe.each(transports)('Where %s takes the token', (_, transport) => {
  afterEach(closeShops);

  it.each(FOREIGN)('not to %s', async (__, url) => {
    const shop = await openShop();
    const own = new URL(shop.portone.url);
    expect(await transport.authorization(shop, url(own))).toBeUndefined();
  });

  it.each(OWN)('along for %s', async (__, url) => {
    const shop = await openShop({
      options: { allowedOrigins: [`${ALLOWED}/`] },
    });
    const own = new URL(shop.portone.url);
    expect(await transport.authorization(shop, url(own))).toBe(
      `Bearer ${await shop.tokens.getAccessToken()}`,
    );
  });

  it("leaves the caller's own Authorization alone, and warns once for each kind of it", async () => {
    const warnings: string[] = [];
    const shop = await openShop({
      logger: {
        log: () => undefined,
        error: () => undefined,
        warn: (message: string) => warnings.push(message),
      },
    });
    const { portone } = shop;
    for (const Authorization of [
      `PortOne ${portone.apiSecret}`,
      `portone ${portone.apiSecret}`,
      'Bearer of-my-own',
    ]) {
      await transport.send(shop, '/echo', { headers: { Authorization } });
      expect(portone.calls.requests.at(-1)?.headers.authorization).toBe(
        Authorization,
      );
    }
    expect(warnings).toEqual([
      expect.stringContaining('with the scheme PortOne'),
      expect.stringContaining('with the scheme Bearer'),
    ]);
    expect(warnings.join()).not.toMatch(`${portone.apiSecret}|of-my-own`);
  });
});

it('axios and fetch share the warning about an Authorization of the caller', async () => {
  const warnings: string[] = [];
  const shop = await openShop({
    logger: {
      log: () => undefined,
      error: () => undefined,
      warn: (message: string) => warnings.push(message),
    },
  });
  const headers = { Authorization: `PortOne ${shop.portone.apiSecret}` };
  for (const [, transport] of transports)
    expect(await transport.send(shop, '/echo', { headers })).toBe(200);
  expect(warnings).toHaveLength(1);
  await closeShops();
});
