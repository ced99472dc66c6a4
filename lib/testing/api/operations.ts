import type { Answer } from './answer.js';
import type { ApiRequest } from './api-request.js';
import type { PathPattern } from './path-pattern.js';

/** One operation that the emulator answers. */
export interface Operation {
  readonly method: string;
  readonly pattern: PathPattern;
  /** The permission that a token must carry; undefined when any credentials are enough. */
  readonly permission: string | undefined;
  readonly answer: (request: ApiRequest) => Answer | Promise<Answer>;
}

/** The operation for a request, and the values of its path parameters. */
export interface FoundOperation {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** The operations of the emulator: built-in ones, and those that a test adds. */
export class Operations {
  #all: readonly Operation[];

  constructor(builtIn: readonly Operation[]) {
    this.#all = builtIn;
  }

  /** Adds an operation. It is used instead of an earlier one with the same method and path. */
  add(operation: Operation): void {
    this.#all = [operation, ...this.#all];
  }

  /** When several operations match, gives the one whose path has the most fixed segments. */
  find(method: string, path: string): FoundOperation | undefined {
    return this.#all
      .filter((operation) => operation.method === method)
      .flatMap((operation) => {
        const params = operation.pattern.match(path);
        return params ? [{ operation, params }] : [];
      })
      .sort((a, b) => b.operation.pattern.fixed - a.operation.pattern.fixed)[0];
  }
}
