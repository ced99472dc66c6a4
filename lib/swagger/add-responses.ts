import { RequestMethod } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** Where Swagger keeps the responses of an operation. */
const RESPONSES = 'swagger/apiResponse';

/** Where Swagger's compiler plugin keeps the types that it has read from a class. */
const PLUGIN = '_OPENAPI_METADATA_FACTORY';

/** A route handler: the function on the prototype of its controller. */
export interface DocumentedHandler {
  readonly controller: Function;
  readonly name: string;
  readonly handler: Function;
}

/** Applies a decorator of Swagger to the function on the prototype, where Swagger reads metadata. */
export const document = (
  { controller, name, handler }: DocumentedHandler,
  decorator: MethodDecorator,
): void =>
  void decorator(controller.prototype as object, name, { value: handler });

/**
 * Adds responses to an operation. As soon as an operation has any documented response, Swagger leaves out the default 200 or
 * 201, also one known to its compiler plugin. So the default is written first. Responses that the app has documented stay.
 */
export function addResponses(
  route: DocumentedHandler,
  responses: readonly (readonly [status: number, description: string])[],
): void {
  const { handler } = route;
  const given = (Reflect.getMetadata(RESPONSES, handler) ?? {}) as object;
  if (Object.keys(given).length === 0)
    document(
      route,
      ApiResponse({ status: statusOf(handler), ...fromPlugin(route) }),
    );
  for (const [status, description] of responses)
    if (!(status in given))
      document(route, ApiResponse({ status, description }));
}

function fromPlugin({ controller, name }: DocumentedHandler): object {
  const read = Reflect.get(controller, PLUGIN) as
    (() => Record<string, object>) | undefined;
  const known = read?.()[name] ?? {};
  const isOfResponse = ([field]: [string, unknown]) =>
    !['summary', 'deprecated', 'tags'].includes(field);
  return Object.fromEntries(Object.entries(known).filter(isOfResponse));
}

/** The status that Nest sends when the handler succeeds. */
function statusOf(handler: Function): number {
  const given: unknown = Reflect.getMetadata('__httpCode__', handler);
  if (typeof given === 'number') return given;
  const method: unknown = Reflect.getMetadata('method', handler);
  return method === RequestMethod.POST ? 201 : 200;
}
