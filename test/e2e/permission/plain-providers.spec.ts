import { afterEach, describe, expect, it } from '@jest/globals';
import { closeGuardedApps, openGuardedApp } from './guarded-app.js';

afterEach(closeGuardedApps);

describe('A provider that is not an instance of a class', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'value'],
    ['a function', () => 'value'],
    ['an object without a prototype', Object.create(null)],
    [
      'an object whose prototype has no prototype',
      Object.create(Object.create(null)),
    ],
    ['an object with a property named constructor', { constructor: 'value' }],
  ])('lets the app boot: %s', async (_, value) => {
    const providers = [{ provide: 'value', useValue: value }];
    await expect(openGuardedApp({ providers })).resolves.toBeDefined();
  });
});
