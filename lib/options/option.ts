import {
  Allow,
  IsBoolean,
  IsInt,
  IsNumber,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  validateSync,
  type ValidationArguments,
} from 'class-validator';
import type { ConfigurationProblem } from '../errors/index.js';
import { fieldsOf, hasClass } from './given-fields.js';
import { meantOption, unknownOption } from './unknown-option.js';

/** A group of options in one object. A subclass declares everything about each option: type, default, rule and documentation. */
export abstract class OptionGroup {}

// class-validator keeps rules in a plain object by field name, so a polluted `Object.prototype.baseURL` would break it. With
// this prefix each field has a name that no other library and no request body uses.
const nameOfRule = (name: string): string => `$${name}`;

/** An option with its rules. When it is left out or undefined, it has its default and is not checked. */
export const Option = (...rules: PropertyDecorator[]): PropertyDecorator =>
  Required(
    ValidateIf((_, value: unknown) => value !== undefined),
    ...rules,
  );

/** An option without a default is always checked. */
export const Required =
  (...rules: PropertyDecorator[]): PropertyDecorator =>
  (target, name) => {
    for (const rule of [Allow(), ...rules])
      rule(target, nameOfRule(String(name)));
  };

/** A rule made from a function. `problemOf` returns what is wrong with a value, without the value: it may be a secret. */
export const Must = (
  problemOf: (value: unknown) => string | undefined,
): PropertyDecorator =>
  ValidateBy({
    name: 'must',
    validator: {
      validate: (value) => problemOf(value) === undefined,
      defaultMessage: (about) => problemOf(about?.value) ?? '',
    },
  });

/** A whole number between two bounds. */
export const Whole = (unit: string, min: number, max: number) => {
  const message = unlessText(
    `must be whole ${unit} from ${min} to ${max}`,
    'Number(value)',
  );
  return all(IsInt({ message }), Min(min, { message }), Max(max, { message }));
};

/** A share, as a number between two bounds. */
export const Share = (min: number, max: number) => {
  const message = unlessText(
    `must be a share from ${min} to ${max}`,
    'Number(value)',
  );
  return all(
    IsNumber({}, { message }),
    Min(min, { message }),
    Max(max, { message }),
  );
};

/** True or false. */
export const Flag = () =>
  IsBoolean({
    message: unlessText('must be true or false', "value === 'true'"),
  });

/** The message for a bad value. Of a text that looks right, such as '5000' of an environment variable, it says how to convert it. */
const unlessText =
  (message: string, convert: string) =>
  ({ value }: ValidationArguments): string =>
    typeof value === 'string'
      ? `${message}; it is a text, as variables of the environment are: convert it, as in ${convert}`
      : message;

const all =
  (...rules: PropertyDecorator[]): PropertyDecorator =>
  (target, name) =>
    rules.forEach((rule) => rule(target, name));

/** Fills a group and its nested groups with the given values, and returns everything that is wrong with them. */
export function readGroup<T extends OptionGroup>(
  type: new () => T,
  given: unknown,
  path = '',
): { readonly options: T; readonly problems: ConfigurationProblem[] } {
  const options = new type();
  if (given === undefined) return { options, problems: [] };
  if (!isGroup(given)) {
    const problem = { field: path || 'options', message: 'must be an object' };
    return { options, problems: [problem] };
  }
  const values = options as Record<string, unknown>;
  const fields = optionsIn(given, path, Object.keys(values));
  const problems = validate(type, { ...values, ...fields }, path);
  for (const [name, initial] of Object.entries(values)) {
    if (initial instanceof OptionGroup) {
      const inner = readGroup(
        initial.constructor as new () => OptionGroup,
        fields[name],
        fieldIn(path, name),
      );
      values[name] = inner.options;
      problems.push(...inner.problems);
    } else if (fields[name] !== undefined) values[name] = fields[name];
  }
  return { options, problems };
}

/** Whether a value can hold options. */
export const isGroup = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const fieldIn = (path: string, name: string): string =>
  path === '' ? name : `${path}.${name}`;

function validate(
  type: new () => OptionGroup,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): ConfigurationProblem[] {
  const target = Object.create(type.prototype as object) as object;
  for (const [name, value] of Object.entries(fields))
    Object.assign(target, { [nameOfRule(name)]: value });
  const rules = { whitelist: true, forbidNonWhitelisted: true };
  return validateSync(target, rules).map(({ property, constraints = {} }) => {
    const name = property.slice(1);
    const [[rule, message]] = Object.entries(constraints) as [[string, string]];
    return {
      field: fieldIn(path, name),
      message:
        rule === 'whitelistValidation'
          ? unknownOption(name, path, Object.keys(new type()))
          : message,
    };
  });
}

/** The options in an object. A known option that is undefined does not count as given. */
function optionsIn(
  given: object,
  path: string,
  known: readonly string[],
): Record<string, unknown> {
  const fields = fieldsOf(given);
  const isOption = (name: string) =>
    known.includes(name)
      ? fields[name] !== undefined
      : !hasClass(given) || meantOption(name, path, known) !== undefined;
  for (const name of Object.keys(fields))
    if (!isOption(name)) delete fields[name];
  return fields;
}
