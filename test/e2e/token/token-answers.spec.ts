import { afterEach, describe, expect, it } from '@jest/globals';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';

/** From now on the token endpoints answer with this access token and a useless refresh token. */
async function answerWith({ portone }: Shop, accessToken: string) {
  const refreshToken = await portone.issueAccessToken();
  const body = { accessToken, refreshToken };
  portone.fail('tokens', { kind: 'status', status: 200, body });
}

describe('An answer of the token endpoint', () => {
  afterEach(closeShops);

  it('with a token that lives for one second is a failed renewal', async () => {
    const shop = await openShop({ options: { eager: false } });
    const iat = Math.floor(shop.time.trueTime.now() / 1000);
    const shortLived = await shop.portone.issueAccessToken({
      iat,
      exp: iat + 1,
    });
    await answerWith(shop, shortLived);
    await expect(shop.tokens.getAccessToken()).rejects.toThrow(
      'the lifetime of the new access token is a second or less',
    );
  });

  it('whose Date is later than the expiry of its token gets the lifetime exp - iat, with a warning', async () => {
    const logger = new LogBook();
    const { portone, tokens } = await openShop({
      logger,
      options: { eager: false },
    });
    portone.fail('login', { kind: 'expired-tokens' });
    await tokens.getAccessToken();
    expect(tokens.snapshot()).toMatchObject({ expiresInMs: 1_794_000 });
    expect(logger.saying('only exp - iat is used', 'warn')).toHaveLength(1);
  });

  it('with an older token than the usable one does not replace it', async () => {
    const { portone, tokens } = await openShop();
    const good = await tokens.getAccessToken();
    portone.fail('refresh', { kind: 'expired-tokens' });
    await expect(tokens.renew()).rejects.toThrow(
      'the new access token is older than the one it replaces',
    );
    expect(tokens.peekAccessToken()).toBe(good);
  });

  it('with the held token after its expiry is a failed renewal', async () => {
    const shop = await openShop({
      options: { renewal: { background: false } },
    });
    const { tokens, advance } = shop;
    await answerWith(shop, await tokens.getAccessToken());
    await advance(1_802_000);
    await expect(tokens.getAccessToken()).rejects.toThrow(
      'PortOne answered with the held access token, which has expired',
    );
    expect(tokens.snapshot().consecutiveFailures).toBe(1);
  });
});
