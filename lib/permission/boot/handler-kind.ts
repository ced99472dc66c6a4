/** GraphQL fields and references: Nest runs guards before them only if it is told to. */
const FIELDS = ['graphql:resolve_property', 'graphql:resolve_reference'];
const RESOLVERS = ['graphql:resolver_type', ...FIELDS];
const GATEWAYS = ['websockets:message_mapping'];
/** HTTP routes and RPC patterns: Nest calls the function on the instance. */
const CONTROLLERS = ['path', 'microservices:pattern'];
/** Nest's own packages that call a method without asking any guard. */
const UNGUARDED = [
  'SCHEDULER_TYPE',
  'EVENT_LISTENER_METADATA',
  'bull:module_queue_process',
  'bull:module_on_queue_event',
  'bullmq:worker_events_metadata',
  'bullmq:queue_events_metadata',
];
/** Metadata that does not show that a library calls the method: ours, that of enhancers, of types and of documentation. */
const NEUTRAL =
  /^(nestjs-portone-auth:|__(guards|interceptors|pipes|exceptionFilters)__$|design:|swagger\/)/;

const hasAny = (handler: object, keys: readonly string[]): boolean =>
  keys.some((key) => Reflect.hasMetadata(key, handler));

/** Whether Nest calls what an instance holds under the method's name. For the others it takes the prototype's function. */
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

/** Whether another decorator has marked a method: its library may have Nest run it, later than the check at boot. */
export const isMarkedByOthers = (handler: object): boolean =>
  !hasAny(handler, UNGUARDED) &&
  Reflect.getMetadataKeys(handler).some((key) => !NEUTRAL.test(String(key)));
