import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allOf,
  anyOf,
  AuthConfigurationError,
  type PermissionExpression,
} from '../../../lib/index.js';
import {
  isGranted,
  missingPermissions,
  permissionNames,
} from '../../../lib/portone/permission-expression.js';

const NAMES = ['TX_READ', 'TX_UPDATE', 'RECON_READ', '__proto__', 'toString'];

/** An expression, and its meaning as a boolean function that does not use the code under test. */
interface Meaning {
  readonly expression: PermissionExpression;
  readonly holds: (granted: ReadonlySet<string>) => boolean;
  readonly names: readonly string[];
}

const { meaning } = fc.letrec<{
  meaning: Meaning;
  name: Meaning;
  all: Meaning;
  any: Meaning;
}>((tie) => {
  const parts = fc.array(tie('meaning'), { minLength: 1, maxLength: 4 });
  const namesOf = (list: Meaning[]) => list.flatMap(({ names }) => names);
  return {
    meaning: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('name'),
      tie('all'),
      tie('any'),
    ),
    name: fc.constantFrom(...NAMES).map((name) => ({
      expression: name,
      holds: (granted: ReadonlySet<string>) => granted.has(name),
      names: [name],
    })),
    all: parts.map((list) => ({
      expression: allOf(...list.map(({ expression }) => expression)),
      holds: (granted: ReadonlySet<string>) =>
        !list.some(({ holds }) => !holds(granted)),
      names: namesOf(list),
    })),
    any: parts.map((list) => ({
      expression: anyOf(...list.map(({ expression }) => expression)),
      holds: (granted: ReadonlySet<string>) =>
        !list.every(({ holds }) => !holds(granted)),
      names: namesOf(list),
    })),
  };
});

/** Every set of granted permissions: the rows of the truth table. */
const ROWS = Array.from({ length: 2 ** NAMES.length }, (_, row) =>
  NAMES.filter((__, index) => (row >> index) & 1),
);

describe('A permission expression', () => {
  it('is granted exactly when its truth table says so', () => {
    fc.assert(
      fc.property(meaning, ({ expression, holds }) => {
        for (const granted of ROWS) {
          expect(isGranted(granted, expression)).toBe(holds(new Set(granted)));
        }
      }),
    );
  });

  it('stays granted when the token has one more permission', () => {
    fc.assert(
      fc.property(
        meaning,
        fc.constantFrom(...NAMES),
        ({ expression }, more) => {
          for (const granted of ROWS) {
            if (isGranted(granted, expression)) {
              expect(isGranted([...granted, more], expression)).toBe(true);
            }
          }
        },
      ),
    );
  });

  it('is granted as soon as the missing permissions are added, and misses none exactly when it is granted', () => {
    fc.assert(
      fc.property(meaning, ({ expression }) => {
        for (const granted of ROWS) {
          const missing = missingPermissions(granted, expression);
          expect(missing.length === 0).toBe(isGranted(granted, expression));
          expect(isGranted([...granted, ...missing], expression)).toBe(true);
        }
      }),
    );
  });

  it('gives its names in order, each once', () => {
    fc.assert(
      fc.property(meaning, ({ expression, names }) => {
        expect(permissionNames(expression)).toEqual([...new Set(names)]);
      }),
    );
  });

  it.each([
    [undefined],
    [null],
    [''],
    [0],
    [[]],
    [{}],
    [{ allOf: [] }],
    [{ anyOf: [] }],
    [{ allOf: 'TX_READ' }],
    [{ allOf: ['TX_READ'], anyOf: ['TX_UPDATE'] }],
    [{ allOf: ['TX_READ'], anyOf: undefined }],
    [{ source: 'caller', allOf: ['TX_READ'] }],
    [{ allOf: ['TX_READ'], [Symbol('source')]: 'caller' }],
    [{ anyOf: [{}] }],
    [Object.create({ anyOf: ['TX_READ'] })],
  ])(
    'that is malformed (%j) is never granted, and allOf and anyOf throw',
    (value) => {
      const malformed = value as never;
      expect(() => allOf('TX_READ', malformed)).toThrow(AuthConfigurationError);
      expect(() => anyOf(malformed)).toThrow(AuthConfigurationError);
      if (typeof value !== 'object' || value === null) return;
      expect(isGranted(NAMES, malformed)).toBe(false);
    },
  );

  it('is a deeply frozen copy of the given parts', () => {
    const names: string[] = ['TX_READ'];
    const given = { anyOf: names };
    const made = allOf('RECON_READ', given) as {
      allOf: { anyOf: string[] }[];
    };
    for (const part of [made, made.allOf, made.allOf[1], made.allOf[1]?.anyOf])
      expect(Object.isFrozen(part)).toBe(true);
    names.length = 0;
    given.anyOf = ['TX_UPDATE'];
    expect(made).toEqual({ allOf: ['RECON_READ', { anyOf: ['TX_READ'] }] });
  });

  it('with a gap in an array throws, because the gap would require nothing', () => {
    const gap = Array<string>(1);
    expect(() => allOf('TX_READ', { allOf: gap })).toThrow(
      AuthConfigurationError,
    );
  });

  it('without parts throws', () => {
    expect(() => allOf()).toThrow(AuthConfigurationError);
    expect(() => anyOf()).toThrow(AuthConfigurationError);
  });
});
