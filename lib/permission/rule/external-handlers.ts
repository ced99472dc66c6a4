import type { ExternalContextCreator } from '@nestjs/core';
import { noteName } from './handler-names.js';

/** A handler that a library runs through Nest's ExternalContextCreator: GraphQL, a bot or a queue. */
export interface ExternalHandler {
  readonly callback: Function;
  /** Whether the library wants Nest to run guards before it. */
  readonly hasGuards: boolean;
}

type Create = ExternalContextCreator['create'];

/** By instance, then by method name. */
const handlers = new WeakMap<object, Map<string, ExternalHandler>>();

/** From now on, remembers every handler that a library gives to Nest, by instance and method name. */
export function watchExternalHandlers(creator: ExternalContextCreator): void {
  const create = creator.create.bind(creator) as (...args: unknown[]) => never;
  creator.create = ((
    instance: object,
    callback: Function,
    ...rest: unknown[]
  ) => {
    const [method, , , , , options] = rest as Parameters<
      (...args: [string, ...unknown[]]) => void
    >;
    const known = handlers.get(instance) ?? new Map<string, ExternalHandler>();
    const hasGuards =
      (options as { guards?: boolean } | undefined)?.guards ?? true;
    handlers.set(instance, known.set(method, { callback, hasGuards }));
    noteName(callback, method);
    return create(instance, callback, ...rest);
  }) as Create;
}

/** The handler that a library gave to Nest for a method of an instance. */
export const externalHandler = (
  instance: object,
  method: string,
): ExternalHandler | undefined => handlers.get(instance)?.get(method);
