import { describe, expect, it } from '@jest/globals';
import {
  AuthConfigurationError,
  PermissionGuard,
  RequirePermission,
  SkipPermissionCheck,
} from '../../../lib/index.js';
import {
  ruleOn,
  requirementsIn,
  routeRule,
} from '../../../lib/permission/rule/permission-rule.js';
import { guardsOf } from '../../../lib/provider/nest-metadata.js';
import { ReplacedHandlerGuard } from '../../../lib/permission/guard/replaced-handler.guard.js';

const requirementsOf = (controller: object, handler: object) =>
  requirementsIn(routeRule(controller, ruleOn(handler)));

type Decorator = MethodDecorator & ClassDecorator;

const method = (...decorators: Decorator[]) => {
  class Routes {
    route() {}
  }
  const descriptor = Object.getOwnPropertyDescriptor(
    Routes.prototype,
    'route',
  )!;
  // The order of the language: the decorator nearest to the method first.
  for (const decorate of decorators.toReversed()) {
    decorate(Routes.prototype, 'route', descriptor);
  }
  return { Routes, handler: Routes.prototype.route };
};

describe('@RequirePermission', () => {
  it('adds each guard once, even when it is repeated', () => {
    const { Routes, handler } = method(
      RequirePermission('A'),
      RequirePermission('B'),
    );
    expect(guardsOf(handler)).toEqual([PermissionGuard]);
    RequirePermission('C')(Routes);
    RequirePermission('D')(Routes);
    expect(guardsOf(Routes)).toEqual([ReplacedHandlerGuard, PermissionGuard]);
  });

  it('lists requirements of the handler before those of the class, in the order of the source code', () => {
    const { Routes, handler } = method(
      RequirePermission('A'),
      RequirePermission({ client: 'b', source: 'caller' }, 'B', 'C'),
    );
    RequirePermission('D')(Routes);
    expect(requirementsOf(Routes, handler)).toEqual([
      { client: undefined, source: undefined, expressions: ['A'] },
      { client: 'b', source: 'caller', expressions: ['B', 'C'] },
      { client: undefined, source: undefined, expressions: ['D'] },
    ]);
  });

  it.each(['service', 'caller'] as const)(
    'keeps the source %s of its options',
    (source) => {
      const { Routes, handler } = method(RequirePermission({ source }, 'A'));
      expect(requirementsOf(Routes, handler)).toEqual([
        { client: undefined, source, expressions: ['A'] },
      ]);
    },
  );

  it('says in its errors which options it has and where it may stand', () => {
    expect(() => RequirePermission({ source: 'x' as never }, 'A')).toThrow(
      "@RequirePermission: its options are { client?: string, source?: 'service' | 'caller' }",
    );
    expect(() => RequirePermission('A')({} as never)).toThrow(
      '@RequirePermission: it can only stand on a controller class or on one of its route handlers',
    );
  });

  it.each([
    ['no argument', []],
    ['options alone', [{ client: 'b' }]],
    ['an empty name', ['']],
    ['a blank name', [' ']],
    ['a name with a blank', ['TX_READ ']],
    ['several names in one text', ['TX_READ,TX_UPDATE']],
    ['a name with a blank in an anyOf', [{ anyOf: ['TX READ'] }]],
    ['undefined', [undefined]],
    ['null', [null]],
    ['a list', [['TX_READ']]],
    ['an unknown source', [{ source: 'Caller' }, 'TX_READ']],
    ['a misspelt option', [{ scource: 'caller' }, 'TX_READ']],
    ['an unknown option', [{ client: 'b', sauce: 'caller' }, 'TX_READ']],
    ['a client that is not a string', [{ client: 1 }, 'TX_READ']],
    ['an empty anyOf', [{ anyOf: [] }]],
    ['options after a permission', ['TX_READ', { client: 'b' }]],
    ['allOf and anyOf in one object', [{ allOf: ['A'], anyOf: ['B'] }]],
    ['an expression inside the options', [{ client: 'b', anyOf: ['A'] }]],
  ])('with %s throws at decoration', (_, parameters) => {
    expect(() => RequirePermission(...(parameters as ['TX_READ']))).toThrow(
      AuthConfigurationError,
    );
  });

  it.each([
    [{ source: 'caller', allOf: ['TX_READ'] }],
    [{ allOf: ['TX_READ'], anyOf: ['TX_UPDATE'] }],
  ])(
    'with two keys in one object throws an error that shows the right form: %j',
    (both) => {
      expect(() => RequirePermission(both as never)).toThrow(
        'permission: an object has one key, allOf or anyOf; to combine both, nest them, as in allOf(..., anyOf(...)); options such as source go into an object before the permissions',
      );
    },
  );

  it.each([
    ['TX_READ', { client: 'b' }],
    ['TX_READ', 'TX_UPDATE', { source: 'caller' }],
    [{ client: 'b' }, 'TX_READ', { source: 'caller' }],
  ])(
    'with options after a permission throws an error that shows the right order: %j',
    (...given) => {
      expect(() =>
        RequirePermission(...(given as unknown as ['TX_READ'])),
      ).toThrow(
        "@RequirePermission: its options come first, before the permissions: @RequirePermission({ client: 'b', source: 'caller' }, 'TX_READ')",
      );
    },
  );

  it('does not change when the given objects change later', () => {
    const names = ['TX_UPDATE'];
    const options: { source: 'service' | 'caller' } = { source: 'caller' };
    const { Routes, handler } = method(
      RequirePermission(options, { allOf: names }),
    );
    names.length = 0;
    options.source = 'service';
    const [requirement] = requirementsOf(Routes, handler);
    expect(requirement).toMatchObject({
      source: 'caller',
      expressions: [{ allOf: ['TX_UPDATE'] }],
    });
    expect([requirement, requirement?.expressions].every(Object.isFrozen)).toBe(
      true,
    );
  });

  it('beside @SkipPermissionCheck throws at decoration, in either order', () => {
    expect(() => method(RequirePermission('A'), SkipPermissionCheck())).toThrow(
      'stands beside @SkipPermissionCheck',
    );
    expect(() => method(SkipPermissionCheck(), RequirePermission('A'))).toThrow(
      'stands beside @SkipPermissionCheck',
    );
  });

  it('on a property, an accessor, a parameter, a static method or a method named by a symbol throws at decoration', () => {
    const decorate = RequirePermission('A') as (...args: unknown[]) => void;
    class Target {
      static make() {}
      get value() {
        return 1;
      }
    }
    const accessor = Object.getOwnPropertyDescriptor(Target.prototype, 'value');
    const make = Object.getOwnPropertyDescriptor(Target, 'make');
    for (const misplaced of [
      [Target.prototype, 'property'],
      [Target.prototype, 'value', accessor],
      [Target.prototype, 'method', 0],
      [Target, 'make', make],
      [Target.prototype, Symbol('make'), make],
    ]) {
      expect(() => decorate(...misplaced)).toThrow(AuthConfigurationError);
    }
  });

  it('reads nothing from a polluted Object.prototype', () => {
    const pollution = { source: 'service', client: 'x', anyOf: ['A'] };
    const define = (properties: PropertyDescriptorMap) =>
      Object.defineProperties(Object.prototype, properties);
    define(Object.fromEntries(
      Object.entries(pollution).map(([name, value]) => [
        name,
        { value, configurable: true },
      ]),
    ));
    try {
      const { Routes, handler } = method(
        RequirePermission({ source: 'caller' }, 'TX_READ'),
      );
      const [requirement] = requirementsOf(Routes, handler);
      expect(Object.entries(requirement!)).toEqual([
        ['client', undefined],
        ['source', 'caller'],
        ['expressions', ['TX_READ']],
      ]);
    } finally {
      for (const name of Object.keys(pollution)) {
        delete (Object.prototype as Record<string, unknown>)[name];
      }
    }
  });
});
