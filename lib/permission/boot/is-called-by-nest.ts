/** GraphQL fields and references: Nest runs guards before them only if it is told to. */
const FIELD_METADATA = [
  'graphql:resolve_property',
  'graphql:resolve_reference',
];

const GRAPHQL_METADATA = ['graphql:resolver_type', ...FIELD_METADATA];

/** HTTP routes, RPC patterns, WebSocket messages, GraphQL operations and fields. */
const HANDLER_METADATA = [
  'method',
  'microservices:pattern',
  'websockets:message_mapping',
  ...GRAPHQL_METADATA,
];

const hasAny = (handler: object, keys: readonly string[]): boolean =>
  keys.some((key) => Reflect.hasMetadata(key, handler));

/** Whether a method is a handler of some transport: whatever else carries a requirement would never meet a guard. */
export const isCalledByNest = (handler: object): boolean =>
  hasAny(handler, HANDLER_METADATA);

/** Whether a method resolves a GraphQL field or reference. */
export const isFieldResolver = (handler: object): boolean =>
  hasAny(handler, FIELD_METADATA);

/** Whether a method resolves a GraphQL operation, field or reference. */
export const isResolver = (handler: object): boolean =>
  hasAny(handler, GRAPHQL_METADATA);
