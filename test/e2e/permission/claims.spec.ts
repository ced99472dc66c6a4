import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  PortOneClaims,
  RequirePermission,
  SkipPermissionCheck,
  type AccessTokenClaims,
} from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  verifyingBy,
} from './guarded-app.js';

const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));

@Controller()
class Claims {
  @Get('callers')
  @RequirePermission('TX_READ')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers(@PortOneClaims() claims: AccessTokenClaims) {
    return { claims, frozen: isDeepFrozen(claims) };
  }

  @Get('merchant')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  merchant(
    @PortOneClaims('merchant_service.merchant_id') merchantId: string,
    @PortOneClaims('custom_payload.toString') inherited: unknown,
    @PortOneClaims('custom_payload.constructor.name') deeper: unknown,
    @PortOneClaims('custom_payload.nothing.there') absent: unknown,
  ) {
    return [merchantId, inherited, deeper, absent].map(String);
  }

  @Get('own')
  @RequirePermission('TX_READ')
  own(@PortOneClaims() claims: AccessTokenClaims) {
    return { claims, frozen: isDeepFrozen(claims) };
  }

  @Get('none')
  @SkipPermissionCheck()
  none(@PortOneClaims() claims?: AccessTokenClaims) {
    return { claims: String(claims) };
  }
}

// @ts-expect-error: `tsc` knows the claims, so a misspelt path does not become an undefined parameter.
void PortOneClaims('merchant_service.merchantId');

describe.each(platforms)('@PortOneClaims on %s', (platform) => {
  afterEach(closeGuardedApps);

  const openApp = () =>
    openGuardedApp({
      platform,
      controllers: [Claims],
      permissions: verifyingBy(),
    });

  it("gives the caller's verified claims, frozen, when a route checks both tokens", async () => {
    const { ask, portone } = await openApp();
    const token = await portone.issueAccessToken({ user_id: 'user-caller' });
    const { body } = await ask('/callers', `Bearer ${token}`);
    expect(JSON.parse(body)).toMatchObject({
      claims: {
        user_id: 'user-caller',
        merchant_service: { merchant_id: portone.merchantId },
      },
      frozen: true,
    });
  });

  it('gives one claim by its path, but no inherited property', async () => {
    const { ask, portone } = await openApp();
    const token = await portone.issueAccessToken();
    const { body } = await ask('/merchant', `Bearer ${token}`);
    expect(JSON.parse(body)).toEqual([
      portone.merchantId,
      'undefined',
      'undefined',
      'undefined',
    ]);
  });

  it('gives the claims of our own token when the source is service', async () => {
    const { ask, tokens } = await openApp();
    const { body } = await ask('/own');
    expect(JSON.parse(body)).toEqual({
      claims: await tokens.getClaims(),
      frozen: true,
    });
  });

  it('gives undefined when no requirement was checked', async () => {
    const { ask, portone } = await openApp();
    const token = await portone.issueAccessToken();
    const { body } = await ask('/none', `Bearer ${token}`);
    expect(JSON.parse(body)).toEqual({ claims: 'undefined' });
  });

  it('gives each of 40 concurrent requests the claims of its own caller', async () => {
    const { ask, portone } = await openApp();
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const user_id = `user-${index}`;
        const token = await portone.issueAccessToken({ user_id });
        const { body } = await ask('/callers', `Bearer ${token}`);
        const { claims } = JSON.parse(body) as { claims: AccessTokenClaims };
        return claims.user_id === user_id;
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });
});
