import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthConfigurationError,
  isAuthConfigurationError,
  TokenUnavailableError,
} from '../../../lib/index.js';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';

const NO_SECRET: [string, () => unknown][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['an empty string', () => ''],
  ['blanks', () => ' \n'],
  ['a promise of undefined', () => Promise.resolve(undefined)],
  ['a number', () => 1],
  ['the text of a variable that is not set', () => 'undefined'],
];

describe('A secret function', () => {
  afterEach(closeShops);

  it.each(NO_SECRET)(
    'that gives %s stops an eager boot, and the error names field, client and cure',
    async (_, give) => {
      const error: unknown = await openShop({
        options: { apiSecret: give as () => string },
      }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AuthConfigurationError);
      const { problems } = error as AuthConfigurationError;
      expect(problems).toMatchObject([{ field: 'apiSecret' }]);
      expect(problems[0]!.message).toContain("client 'default'");
      expect(problems[0]!.message).toContain('V2 API secret');
      expect(problems[0]!.message).toContain('eager: false');
    },
  );

  it.each(NO_SECRET)(
    'that gives %s does not stop the boot with eager: false; callers get a typed error until the secret comes',
    async (_, give) => {
      const time = new VirtualTime();
      const portone = await openEmulator({ clock: time.trueTime });
      let isThere = false;
      const { tokens } = await openShop({
        portone,
        time,
        options: {
          eager: false,
          apiSecret: () => (isThere ? portone.apiSecret : (give() as string)),
        },
      });
      await expect(tokens.getAccessToken()).rejects.toMatchObject({
        reason: 'PORTONE_SECRET_UNAVAILABLE',
        retryable: true,
      });
      isThere = true;
      await time.advance(1_500);
      expect(await tokens.getAccessToken()).toBeDefined();
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('vault-token-123');
      },
    ],
    ['rejects', () => Promise.reject(new Error('vault-token-123')) as never],
  ] as [string, () => never][])(
    'that %s does not stop the boot: it is called again, and its error is not shown',
    async (_, fail) => {
      const time = new VirtualTime();
      const portone = await openEmulator({ clock: time.trueTime });
      const logger = new LogBook();
      let isDown = true;
      const opening = openShop({
        portone,
        time,
        logger,
        options: { apiSecret: () => (isDown ? fail() : portone.apiSecret) },
      });
      const { tokens } = await opening;
      const error: unknown = await tokens
        .getAccessToken()
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(TokenUnavailableError);
      expect(isAuthConfigurationError(error)).toBe(false);
      expect(`${String(error)} ${JSON.stringify(logger.lines)}`).not.toContain(
        'vault',
      );
      isDown = false;
      await time.advance(1_500);
      expect(await tokens.getAccessToken()).toBeDefined();
      expect(logger.saying('Renewals work again', 'log')).toHaveLength(1);
    },
  );
});
