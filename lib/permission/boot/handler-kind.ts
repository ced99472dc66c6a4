/** GraphQL fields and references: Nest runs guards before them only with the option `fieldResolverEnhancers`. */
const FIELDS = ['graphql:resolve_property', 'graphql:resolve_reference'];
const RESOLVERS = ['graphql:resolver_type', ...FIELDS];
const GATEWAYS = ['websockets:message_mapping'];
/** HTTP routes and RPC patterns: Nest calls the function that the instance holds. */
const CONTROLLERS = ['path', 'microservices:pattern'];
/** Set by libraries of Nest that call a method without guards: for schedules, events and queues. */
const UNGUARDED = [
  'SCHEDULER_TYPE',
  'EVENT_LISTENER_METADATA',
  'bull:module_queue_process',
  'bull:module_on_queue_event',
  'bullmq:worker_events_metadata',
  'bullmq:queue_events_metadata',
];
/** Metadata of this package, of guards and the like, of types and of Swagger: none of it means that a library calls the method. */
const NEUTRAL =
  /^(nestjs-portone-auth:|__(guards|interceptors|pipes|exceptionFilters)__$|design:|swagger\/)/;

const hasAny = (handler: object, keys: readonly string[]): boolean =>
  keys.some((key) => Reflect.hasMetadata(key, handler));

/** Whether Nest calls the function that the instance holds. For other handlers it calls the one on the prototype. */
export const isCalledOnInstance = (handler: object): boolean =>
  hasAny(handler, CONTROLLERS);

/** Whether a method answers HTTP requests. */
export const isHttpRoute = (handler: object): boolean =>
  hasAny(handler, ['path']);

/** Whether a method is a handler of one of Nest's own transports. */
export const isCalledByNest = (handler: object): boolean =>
  hasAny(handler, [...CONTROLLERS, ...GATEWAYS, ...RESOLVERS]);

/** Whether a method resolves a GraphQL field or reference. */
export const isFieldResolver = (handler: object): boolean =>
  hasAny(handler, FIELDS);

/** Whether a method resolves a GraphQL operation, field or reference. */
export const isResolver = (handler: object): boolean =>
  hasAny(handler, RESOLVERS);

/** Whether another library's decorator stands on a method. That library may give the method to Nest after the check at boot. */
export const isMarkedByOthers = (handler: object): boolean =>
  !hasAny(handler, UNGUARDED) &&
  Reflect.getMetadataKeys(handler).some((key) => !NEUTRAL.test(String(key)));
