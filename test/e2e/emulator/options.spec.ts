import { describe, expect, it } from '@jest/globals';
import {
  PortOneEmulator,
  type PortOneEmulatorOptions,
} from '../../../lib/testing/index.js';
import { openEmulator, stopEmulators } from './open-emulator.js';

describe('The emulator', () => {
  it.each([
    [{ permission: [] }, 'permission', 'did you mean `permissions`?'],
    [{ lifetime: 60 }, 'lifetime', 'known here: accessTokenLifetime'],
    [{ permissions: 'TX_READ' }, 'permissions', 'a list of permissions'],
    [{ accessTokenLifetime: '60' }, 'accessTokenLifetime', 'seconds above 0'],
    [{ refreshTokenLifetime: NaN }, 'refreshTokenLifetime', 'seconds above 0'],
    [{ apiSecret: '' }, 'apiSecret', 'a text that is not empty'],
    [{ clock: 5 }, 'clock', 'a method now()'],
    [{ responseDelay: '5' }, 'responseDelay', 'a number of milliseconds'],
  ])('does not start with %j', async (options, field, message) => {
    await expect(
      PortOneEmulator.start(options as PortOneEmulatorOptions),
    ).rejects.toMatchObject({
      code: 'PORTONE_CONFIG_INVALID',
      problems: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it.each([{ kind: 'hangs' }, undefined])(
    'names the kinds of faults for a fault that it does not know: %j',
    async (fault) => {
      const { portone } = await openEmulator();
      expect(() => portone.fail('tokens', fault as never)).toThrow(
        'kind: must be one of status, delay, hang',
      );
      await stopEmulators();
    },
  );
});
