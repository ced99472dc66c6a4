import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError, AuthModule } from '../../../lib/index.js';
import { ClientOptions } from '../../../lib/options/auth-module-options.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { OPTIONS } from '../../../lib/options/unknown-option.js';

const apiSecret = 'kA9mQ2xZ-canary-of-a-secret';
const useFactory = () => ({ apiSecret });

const problemsOf = (register: () => unknown): readonly unknown[] => {
  try {
    register();
    return [];
  } catch (error) {
    return (error as AuthConfigurationError).problems;
  }
};

describe('forRootAsync', () => {
  it.each([
    [{ eager: false }, 'in the options that it returns'],
    [{ apiSecret }, 'in the options that it returns'],
    [{ global: true }, 'did you mean `isGlobal`?'],
    [{ isglobal: true }, 'did you mean `isGlobal`?'],
    [{ injects: [] }, 'did you mean `inject`?'],
    [{ inject: 'CONFIG' }, 'must be a list of injection tokens'],
    [{ imports: class {} }, 'must be a list of modules'],
    [{ useFactory: { apiSecret } }, 'must be a function'],
  ])('does not ignore what stands beside the factory: %j', (field, message) => {
    expect(
      problemsOf(() =>
        AuthModule.forRootAsync({ useFactory, ...field } as never),
      ),
    ).toEqual([
      {
        field: Object.keys(field)[0],
        message: expect.stringContaining(message),
      },
    ]);
  });
});

it('forRoot says where a function that returns the options belongs', () => {
  expect(problemsOf(() => AuthModule.forRoot(useFactory as never))).toEqual([
    {
      field: 'forRoot',
      message: expect.stringContaining('forRootAsync({ useFactory })'),
    },
  ]);
});

describe('Options that are an instance of a class', () => {
  class Settings {
    /** What Nest injects is no option. */
    constructor(private readonly config: { secret: string }) {}
    get apiSecret() {
      return this.config.secret;
    }
    get tokenTimeout() {
      return 5_000;
    }
    createAuthOptions() {
      return this;
    }
  }

  it('may have getters, methods, and fields of their own', () => {
    const { tokenTimeout } = resolveOptions(
      new Settings({ secret: apiSecret }),
      'default',
    );
    expect(tokenTimeout).toBe(5_000);
  });

  it('are checked for misspelt getters', () => {
    class Misspelt extends Settings {
      get tokenTimout() {
        return 5_000;
      }
    }
    const settings = new Misspelt({ secret: apiSecret });
    expect(problemsOf(() => resolveOptions(settings, 'default'))).toEqual([
      {
        field: 'tokenTimout',
        message: expect.stringContaining('did you mean `tokenTimeout`?'),
      },
    ]);
  });
});

it('the names to suggest are those of all options', () => {
  const top = OPTIONS.filter((name) => !name.includes('.'));
  expect(top.toSorted()).toEqual(Object.keys(new ClientOptions()).toSorted());
  for (const group of ['renewal', 'permissions', 'webhook'] as const)
    for (const name of Object.keys(new ClientOptions()[group]))
      expect(OPTIONS).toContain(`${group}.${name}`);
});
