import { afterEach, describe, expect, it } from '@jest/globals';
import { TokenUnavailableError } from '../../../lib/index.js';
import { closeShops, openShop } from '../../support/shop.js';
import { turn, until } from '../../support/virtual-time.js';

const DAY = 86_400_000;

describe('app.close()', () => {
  afterEach(closeShops);

  it('leaves no timer, and no token call follows', async () => {
    const { portone, module, time } = await openShop();
    await module.close();
    portone.resetCalls();
    await time.advance(DAY);
    expect(time.nextDueIn).toBeUndefined();
    expect(portone.calls.tokens).toBe(0);
  });

  it('during a renewal ends the renewal and the waits of its callers', async () => {
    const { portone, module, time, tokens } = await openShop({
      options: { eager: false },
    });
    portone.fail('login', { kind: 'hang' });
    const waiting = tokens.getAccessToken().catch((error: unknown) => error);
    await until(() => portone.calls.login === 1);
    await module.close();
    expect(await waiting).toBeInstanceOf(TokenUnavailableError);
    expect(String(await waiting)).toContain('the module is shutting down');
    expect(time.nextDueIn).toBeUndefined();
    await time.advance(DAY);
    expect(portone.calls.tokens).toBe(1);
  });

  it('gives later callers an error and makes no login', async () => {
    let asked = 0;
    const { module, tokens, time } = await openShop({
      emulator: { apiSecret: 'the-secret' },
      options: {
        apiSecret: () => {
          asked += 1;
          return 'the-secret';
        },
      },
    });
    const current = await tokens.getAccessToken();
    await module.close();
    await expect(tokens.renew()).rejects.toBeInstanceOf(TokenUnavailableError);
    tokens.invalidate(current);
    await expect(tokens.getAccessToken()).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
    await time.advance(DAY);
    await turn();
    expect(asked).toBe(1);
  });

  it('completes events$', async () => {
    const { module, tokens } = await openShop();
    let isComplete = false;
    tokens.events$.subscribe({ complete: () => (isComplete = true) });
    await module.close();
    expect(isComplete).toBe(true);
  });
});
