import { PathPattern } from '../path-pattern.js';
import { OPERATIONS } from './operations.js';

/** One operation of PortOne's V2 API. */
export interface KnownOperation {
  readonly method: string;
  /** The path with its parameters as `{name}`, as PortOne writes it. */
  readonly template: string;
  /** Whether the operation needs no credentials. */
  readonly isPublic: boolean;
  /** The error type for each status. */
  readonly errorTypes: ReadonlyMap<number, string>;
}

const KNOWN = OPERATIONS.trim()
  .split('\n')
  .map((line) => {
    const [method = '', template = '', ...facts] = line.split(' ');
    const errorTypes = new Map(
      facts
        .filter((fact) => fact.includes('='))
        .map((fact) => [Number(fact.slice(0, 3)), fact.slice(4)]),
    );
    const isPublic = facts[0] === 'public';
    const operation: KnownOperation = {
      method,
      template,
      isPublic,
      errorTypes,
    };
    return { operation, pattern: new PathPattern(template) };
  });

/** The operation of PortOne for a method and a path. When several match, the one with the most fixed segments. */
export function findOperation(
  method: string,
  path: string,
): KnownOperation | undefined {
  return KNOWN.filter(
    ({ operation, pattern }) =>
      operation.method === method && pattern.match(path),
  ).sort((a, b) => b.pattern.fixed - a.pattern.fixed)[0]?.operation;
}
