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

/** The operation behind a request, and what stands in its path. */
export interface FoundOperation {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** The operations that the emulator has: its own, and what tests add. */
export class Operations {
  #all: readonly Operation[];

  constructor(own: readonly Operation[]) {
    this.#all = own;
  }

  /** Adds an operation, which goes before those of the same method and path. */
  add(operation: Operation): void {
    this.#all = [operation, ...this.#all];
  }

  /** Of several operations that fit, the one whose path has the most fixed parts. */
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
