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

/** An expression, and what it means as a plain boolean function written apart from the code under test. */
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

/** Every set of granted permissions: the truth table's rows. */
const ROWS = Array.from({ length: 2 ** NAMES.length }, (_, row) =>
  NAMES.filter((__, index) => (row >> index) & 1),
);

describe('A permission expression', () => {
  it('is granted exactly where its truth table says so', () => {
    fc.assert(
      fc.property(meaning, ({ expression, holds }) => {
        for (const granted of ROWS) {
          expect(isGranted(granted, expression)).toBe(holds(new Set(granted)));
        }
      }),
    );
  });

  it('stays granted when the token carries one more permission', () => {
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

  it('is granted with what is missing, and misses nothing exactly when it is granted', () => {
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

  it('mentions its names in order, once', () => {
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
    'that is none (%j) is never granted, nor accepted by the combinators',
    (value) => {
      const none = value as never;
      expect(() => allOf('TX_READ', none)).toThrow(AuthConfigurationError);
      expect(() => anyOf(none)).toThrow(AuthConfigurationError);
      if (typeof value !== 'object' || value === null) return;
      expect(isGranted(NAMES, none)).toBe(false);
    },
  );

  it('is frozen down to its names, and not what it was made from', () => {
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

  it('with a gap is an error, because the gap would require nothing', () => {
    const gap = Array<string>(1);
    expect(() => allOf('TX_READ', { allOf: gap })).toThrow(
      AuthConfigurationError,
    );
  });

  it('without parts is refused', () => {
    expect(() => allOf()).toThrow(AuthConfigurationError);
    expect(() => anyOf()).toThrow(AuthConfigurationError);
  });
});
