import type { ExternalContextCreator } from '@nestjs/core';
import { noteName } from './handler-names.js';

/** A handler that Nest was asked to run for a library: for GraphQL, a bot or a queue. */
export interface ExternalHandler {
  readonly callback: Function;
  /** Whether its library wants guards before it. */
  readonly hasGuards: boolean;
}

type Create = ExternalContextCreator['create'];

/** By instance, then by the name of the method. */
const handlers = new WeakMap<object, Map<string, ExternalHandler>>();

/** From now on remembers every handler that a library has Nest run, by the name of its method. */
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

/** The handler that a library has Nest run for a method of an instance. */
export const externalHandler = (
  instance: object,
  method: string,
): ExternalHandler | undefined => handlers.get(instance)?.get(method);
