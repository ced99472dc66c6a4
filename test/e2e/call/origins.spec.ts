import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  getHttpServiceToken,
  getPortOneFetchToken,
} from '../../../lib/index.js';
import { LogBook } from '../../support/log-book.js';
import {
  closeShops,
  openEmulator,
  openShop,
  type Shop,
} from '../../support/shop.js';
import { ALLOWED, FOREIGN, OWN } from './origin-table.js';
import { transports } from './transports.js';

describe.each(transports)('A request of %s', (_, transport) => {
  afterEach(closeShops);

  it.each(FOREIGN)('carries no token for %s', async (__, url) => {
    const shop = await openShop();
    const own = new URL(shop.portone.url);
    expect(await transport.authorization(shop, url(own))).toBeUndefined();
  });

  it.each(OWN)('carries the token for %s', async (__, url) => {
    const shop = await openShop({
      options: { allowedOrigins: [`${ALLOWED}/`] },
    });
    const own = new URL(shop.portone.url);
    expect(await transport.authorization(shop, url(own))).toBe(
      `Bearer ${await shop.tokens.getAccessToken()}`,
    );
  });

  it("keeps the caller's own Authorization, and a warning appears once for each scheme", async () => {
    const log = new LogBook();
    const shop = await openShop({ logger: log });
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
    const warnings = log.saying('Authorization', 'warn');
    expect(warnings).toEqual([
      expect.stringContaining('with the scheme PortOne'),
      expect.stringContaining('with the scheme Bearer'),
    ]);
    expect(warnings.join()).not.toMatch(`${portone.apiSecret}|of-my-own`);
  });
});

describe('The warning about an Authorization of the caller', () => {
  afterEach(closeShops);

  it('appears once for axios and fetch together, but for each client', async () => {
    const log = new LogBook();
    const portone = await openEmulator();
    const { apiSecret, url: baseURL } = portone;
    const b = AuthModule.forRoot({ apiSecret, baseURL, name: 'b' });
    const shop = await openShop({ portone, logger: log, imports: [b] });
    const { module } = shop;
    const ofB: Shop = {
      ...shop,
      http: module.get(getHttpServiceToken('b'), { strict: false }),
      fetch: module.get(getPortOneFetchToken('b'), { strict: false }),
    };
    const headers = { Authorization: `PortOne ${apiSecret}` };
    const warnings = () => log.saying('with the scheme PortOne', 'warn');
    for (const [, transport] of transports)
      expect(await transport.send(shop, '/echo', { headers })).toBe(200);
    expect(warnings()).toHaveLength(1);
    for (const [, transport] of transports)
      expect(await transport.send(ofB, '/echo', { headers })).toBe(200);
    expect(warnings()).toHaveLength(2);
  });
});
