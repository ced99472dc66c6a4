import { afterEach, describe, expect, it } from '@jest/globals';
import {
  CredentialsRejectedError,
  TokenUnavailableError,
} from '../../../lib/index.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';
const lifetime = 1_800_000;

describe('A secret that PortOne rejects at run time', () => {
  afterEach(closeShops);

  it('is sent once a minute, and callers get the old token until it expires', async () => {
    const { portone, http, advance, tokens } = await openShop({
      options: { renewal: { strategy: 'login' } },
    });
    portone.setApiSecret('another');
    portone.resetCalls();
    await advance(0.825 * 1_799_000 + 1);
    expect(tokens.snapshot()).toMatchObject({
      state: 'rejected',
      lastErrorCode: 'PORTONE_CREDENTIALS_REJECTED',
    });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    for (let minute = 0; minute < 10; minute += 1) {
      await advance(60_000);
      for (let call = 0; call < 5; call += 1)
        await http.axiosRef.get(payment).catch(() => undefined);
    }
    expect(portone.calls).toMatchObject({ login: 11, refresh: 0 });
    await expect(tokens.getAccessToken()).rejects.toBeInstanceOf(
      CredentialsRejectedError,
    );
  });

  it('is asked for again by callers, at most once a second, and a new value is used at once', async () => {
    let secret = '';
    let asked = 0;
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    secret = portone.apiSecret;
    const { http, tokens } = await openShop({
      portone,
      time,
      options: {
        renewal: { strategy: 'login', background: false },
        apiSecret: () => {
          asked += 1;
          return Promise.resolve(secret);
        },
      },
    });
    portone.setApiSecret('rotated');
    await time.advance(lifetime);
    portone.resetCalls();
    asked = 0;
    for (let tenth = 0; tenth < 50; tenth += 1) {
      await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
        CredentialsRejectedError,
      );
      await time.advance(100);
    }
    expect(portone.calls.login).toBe(1);
    expect(asked).toBeLessThanOrEqual(6);

    secret = 'rotated';
    await time.advance(1_000);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(tokens.snapshot().state).toBe('fresh');
  });

  it('is also asked for by refused calls, and no pause begins', async () => {
    let secret = '';
    const { portone, http, tokens, advance } = await openShop({
      options: { apiSecret: () => secret },
      beforeInit: ({ portone: { apiSecret } }) => (secret = apiSecret),
    });
    portone.setApiSecret('rotated');
    portone.revokeRefreshTokens();
    portone.revokeAccessTokens();
    for (let second = 0; second < 50; second += 1) {
      await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
        CredentialsRejectedError,
      );
      await advance(1_000);
    }
    expect(tokens.snapshot().pausedForMs).toBeUndefined();
    secret = 'rotated';
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it('is not sent again within a minute, even if another value was sent meanwhile', async () => {
    let secret = 'bad-1';
    const { portone, tokens, time } = await openShop({
      options: {
        eager: false,
        apiSecret: () => secret,
        renewal: { background: false },
      },
    });
    for (let second = 0; second < 50; second += 1) {
      secret = second % 2 === 0 ? 'bad-1' : 'bad-2';
      await expect(tokens.getAccessToken()).rejects.toBeInstanceOf(
        CredentialsRejectedError,
      );
      await time.advance(1_000);
    }
    expect(portone.calls.login).toBe(2);
  });
});

describe('A secret function', () => {
  afterEach(closeShops);

  it('is called before every renewal, and a changed value is used for a login', async () => {
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    let secret = portone.apiSecret;
    const { tokens } = await openShop({
      portone,
      time,
      options: { apiSecret: () => secret },
    });
    await tokens.renew();
    expect(portone.calls).toMatchObject({ login: 1, refresh: 1 });
    secret = 'rotated';
    portone.setApiSecret(secret);
    await time.advance(1_000);
    await tokens.renew();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 1 });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('vault: token=canary-in-error');
      },
      'threw',
    ],
    [
      'rejects',
      () => Promise.reject(new Error('vault: token=canary-in-error')),
      'threw',
    ],
    ['returns blanks', () => '  ', 'gave no secret'],
    [
      'returns no string',
      () => undefined as unknown as string,
      'gave no secret',
    ],
  ])(
    'that %s causes a retryable error without a cause',
    async (_, apiSecret, said) => {
      const options = { apiSecret, eager: false };
      const { tokens, portone } = await openShop({ options });
      const error: unknown = await tokens
        .getAccessToken()
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TokenUnavailableError);
      expect(error).toMatchObject({
        reason: 'PORTONE_SECRET_UNAVAILABLE',
        retryable: true,
      });
      const { message, cause } = error as Error;
      expect(message).toContain(`the apiSecret function ${said}`);
      expect(cause).toBeUndefined();
      expect(JSON.stringify(error)).not.toContain('canary');
      expect(portone.calls.tokens).toBe(0);
    },
  );

  it('that hangs causes an error at the deadline of the renewal', async () => {
    const { tokens, time } = await openShop({
      options: {
        eager: false,
        apiSecret: () => new Promise<string>(() => undefined),
      },
    });
    const refused = tokens.getAccessToken().catch((error: unknown) => error);
    await until(() => time.nextDueIn !== undefined);
    await time.advance(10_000);
    expect(await refused).toMatchObject({
      reason: 'PORTONE_SECRET_UNAVAILABLE',
      message: expect.stringContaining(
        'the apiSecret function did not answer within 10000 ms',
      ),
    });
  });
});
