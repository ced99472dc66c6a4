import { afterEach, describe, expect, it } from '@jest/globals';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import {
  Field,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Module, UseGuards, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PermissionGuard, RequirePermission } from '../../../lib/index.js';
import { graphqlModule } from '../../support/graphql-module.js';
import {
  closeGuardedApps,
  openGuardedApp,
  problemsOf,
  verifyingBy,
  type GuardedAppParts,
} from './guarded-app.js';

@ObjectType()
class Payment {
  @Field(() => String)
  id!: string;
}

@Resolver(() => Payment)
class Payments {
  @Query(() => Payment)
  payment(): Payment {
    return { id: '1' };
  }
}

/** Nest cannot make an instance of this class. */
@Resolver(() => Payment)
class Fields {
  constructor(readonly word: string) {}

  @ResolveField(() => String, { nullable: true })
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  secret(): string {
    return this.word;
  }
}

@Resolver()
class Own {
  constructor(readonly word: string) {}

  @Query(() => String)
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  own(): string {
    return this.word;
  }
}

class Base {
  @Query(() => String)
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  lost(): string {
    return 'lost';
  }
}

@Resolver()
class Careless extends Base {
  constructor(readonly word: string) {
    super();
  }

  @Query(() => String)
  override lost(): string {
    return this.word;
  }
}

const partsOf = (
  providers: Provider[],
  imports: GuardedAppParts['imports'] = [graphqlModule()],
): GuardedAppParts => ({
  imports,
  providers: [Payments, ...providers],
  permissions: verifyingBy(),
});

const GUARDS: Partial<ApolloDriverConfig> = {
  fieldResolverEnhancers: ['guards'],
};

const GLOBAL: Provider = { provide: APP_GUARD, useExisting: PermissionGuard };

afterEach(closeGuardedApps);

describe.each<[string, (make: () => object) => Partial<Provider>]>([
  ['useFactory', (make) => ({ useFactory: make })],
  ['an async useFactory', (make) => ({ useFactory: async () => make() })],
  ['useValue', (make) => ({ useValue: make() })],
  [
    'a useFactory that returns an object derived from it',
    (make) => ({ useFactory: () => Object.create(make()) as object }),
  ],
])('A GraphQL resolver made by %s', (_, provider) => {
  const fields = {
    provide: 'fields',
    ...provider(() => new Fields('leaked')),
  } as Provider;

  it('stops the boot for a guarded field when GraphQL runs no guards before fields', async () => {
    expect(await problemsOf(partsOf([fields, GLOBAL]))).toEqual([
      expect.stringMatching(/^Fields\.secret is a field resolver, and GraphQL/),
    ]);
  });

  it('stops the boot for a requirement whose guard Nest would not run', async () => {
    const owns = { provide: 'own', ...provider(() => new Own('leaked')) };
    expect(await problemsOf(partsOf([owns as Provider]))).toEqual([
      expect.stringMatching(/^Own\.own is a resolver that Nest did not make/),
    ]);
  });

  it('stops the boot when it overrides a guarded method and requires nothing', async () => {
    const careless = provider(() => new Careless('leaked'));
    const parts = partsOf([{ provide: 'careless', ...careless } as Provider]);
    expect(await problemsOf(parts)).toEqual([
      expect.stringMatching(/^Careless\.lost has replaced a method/),
    ]);
  });

  it('is guarded by the global guard when GraphQL runs guards before fields', async () => {
    const { url } = await openGuardedApp(
      partsOf([fields, GLOBAL], [graphqlModule(GUARDS)]),
    );
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ payment { secret } }' }),
    });
    expect(await response.json()).toMatchObject({
      data: { payment: { secret: null } },
      errors: [{ extensions: { code: 'PORTONE_TOKEN_MISSING' } }],
    });
  });
});

describe('A guarded GraphQL resolver', () => {
  @Resolver()
  class Guarded {
    @Query(() => String)
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    own(): string {
      return 'own';
    }
  }

  it('may be provided under another token or an alias', async () => {
    const parts = partsOf([
      { provide: 'token', useClass: Guarded },
      { provide: 'alias', useExisting: 'token' },
    ]);
    await expect(openGuardedApp(parts)).resolves.toBeDefined();
  });

  it('stops the boot when the global guard leaves the decision to a subclass that Nest would not run', async () => {
    class Lenient extends PermissionGuard {}

    @Resolver()
    class Left {
      @Query(() => String)
      @UseGuards(Lenient)
      @RequirePermission({ source: 'caller' }, 'TX_READ')
      own(): string {
        return 'own';
      }
    }
    const left = { provide: Left, useFactory: () => new Left() };
    expect(await problemsOf(partsOf([GLOBAL, left]))).toEqual([
      expect.stringMatching(/^Left\.own is a resolver that Nest did not make/),
    ]);
  });
});

it('A guarded field stops the boot when no GraphQLModule is found', async () => {
  const fields = { provide: 'fields', useValue: new Fields('leaked') };
  expect(await problemsOf(partsOf([fields, GLOBAL], []))).toEqual([
    expect.stringMatching(/^Fields\.secret is a field resolver, and GraphQL/),
  ]);
});

describe('A field resolver in one of two GraphQL modules', () => {
  @Module({ providers: [Payments] })
  class One {}

  @Module({
    providers: [
      Payments,
      { provide: Fields, useFactory: () => new Fields('leaked') },
    ],
  })
  class Two {}

  const parts = (
    one: Partial<ApolloDriverConfig>,
    two: Partial<ApolloDriverConfig>,
  ): GuardedAppParts => ({
    imports: [
      One,
      Two,
      graphqlModule({ path: '/one', include: [One], ...one }),
      graphqlModule({ path: '/two', include: [Two], ...two }),
    ],
    providers: [GLOBAL],
    permissions: verifyingBy(),
  });

  it.each([
    ['first', {}, GUARDS],
    ['second', GUARDS, {}],
  ])('stops the boot when the %s runs no guards', async (_, one, two) => {
    expect(await problemsOf(parts(one, two))).toEqual([
      expect.stringContaining('on every GraphQLModule'),
    ]);
  });

  it('lets the app boot when both run guards', async () => {
    await expect(openGuardedApp(parts(GUARDS, GUARDS))).resolves.toBeDefined();
  });
});
