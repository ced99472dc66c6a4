import type { ConfigurationProblem } from '../../../errors/auth-configuration.error.js';
import { ENUMS } from './enums.js';
import { SHAPES } from './shapes.js';

/** `open` allows fields that PortOne does not document, `closed` does not. */
export type Strictness = 'open' | 'closed';

interface Field {
  readonly type: string;
  readonly required: boolean;
}

// A date, a time and an offset. Whether the day exists is checked with `Date`.
const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const SIMPLE: Readonly<
  Record<string, [is: (value: unknown) => boolean, what: string]>
> = {
  text: [(value) => typeof value === 'string', 'a string'],
  bool: [(value) => typeof value === 'boolean', 'true or false'],
  int: [
    (value) => Number.isInteger(value) && value === ((value as number) | 0),
    'a whole number of 32 bits',
  ],
  long: [Number.isSafeInteger, 'a whole number'],
  time: [isTime, 'a time as in RFC 3339, such as 2026-01-31T12:00:00Z'],
};

/** Compares a value with a shape of {@link SHAPES}. Gives one problem for each mistake. */
export function problemsWith(
  shape: string,
  value: unknown,
  strictness: Strictness,
  path = '',
): ConfigurationProblem[] {
  const problem = (message: string) => [{ field: path || 'body', message }];
  if (shape.endsWith('[]')) {
    if (!Array.isArray(value)) return problem('must be a list');
    return value.flatMap((item, n) =>
      problemsWith(shape.slice(0, -2), item, strictness, `${path}[${n}]`),
    );
  }
  const simple = SIMPLE[shape];
  if (simple) return simple[0](value) ? [] : problem(`must be ${simple[1]}`);
  const words = wordsOf(shape);
  if (words) {
    if (words.has(value as string)) return [];
    return problem(
      `must be ${words.size > 12 ? `one of PortOne's names for ${shape}` : `one of ${[...words].join(', ')}`}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return problem('must be an object');
  return problemsWithFields(shape, value as object, strictness, path);
}

function problemsWithFields(
  shape: string,
  value: object,
  strictness: Strictness,
  path: string,
): ConfigurationProblem[] {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const given = new Map<string, unknown>(
    Object.entries(value).filter(([, each]) => each !== undefined),
  );
  const union = unionOf(shape);
  if (union) {
    const variant = union.variants.get(given.get(union.by) as string);
    if (variant) return problemsWith(variant, value, strictness, path);
    const names = [...union.variants.keys()].join(', ');
    return [{ field: at(union.by), message: `must be one of ${names}` }];
  }
  const fields = fieldsOf(shape);
  const missing = [...fields]
    .filter(([name, { required }]) => required && !given.has(name))
    .map(([name]) => ({ field: at(name), message: 'is required' }));
  const wrong = [...given].flatMap(([name, each]) => {
    const field = fields.get(name);
    if (field) return problemsWith(field.type, each, strictness, at(name));
    return strictness === 'open'
      ? []
      : [
          {
            field: at(name),
            message: 'is not a field that PortOne documents here',
          },
        ];
  });
  return [...missing, ...wrong];
}

function isTime(value: unknown): boolean {
  const [, year, month, day] =
    (typeof value === 'string' && RFC_3339.exec(value)) || [];
  if (!year) return false;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return midnight.getUTCDate() === Number(day);
}

function wordsOf(type: string): Set<string> | undefined {
  const known = ENUMS[type];
  if (known) return new Set(known.trim().split(/\s+/));
  const listed = SHAPES[type] ?? type;
  return /^[A-Z][A-Z\d_]*(\|[A-Z][A-Z\d_]*)+$/.test(listed)
    ? new Set(listed.split('|'))
    : undefined;
}

const parts = (shape: string): string[] => {
  const text = SHAPES[shape];
  if (text === undefined) throw new Error(`There is no shape ${shape}.`);
  return text.trim().split(/\s+/);
};

function unionOf(shape: string) {
  const [first, ...rest] = parts(shape);
  if (!first?.startsWith('@')) return undefined;
  const variants = new Map(
    rest.map((part) => part.split('=') as [string, string]),
  );
  return { by: first.slice(1), variants };
}

function fieldsOf(shape: string): Map<string, Field> {
  return new Map(
    parts(shape).map((part) => {
      const [name = '', type = ''] = part.split(':');
      const required = name.endsWith('!');
      return [required ? name.slice(0, -1) : name, { type, required }];
    }),
  );
}
