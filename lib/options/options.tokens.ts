/** The client's name. `Symbol.for`, so that two copies of this package notice the same name. */
export const CLIENT_NAME = Symbol.for('nestjs-portone-auth:client-name');
/** A different value for each registration, so that Nest's `deep-hash` module ids never treat two registrations as one. */
export const REGISTRATION = Symbol('PortOneAuth:Registration');
/** The options as the user gave them. Nest's message about a missing dependency of `inject` or `useExisting` shows the description. */
export const GIVEN_OPTIONS = Symbol('options of AuthModule.forRootAsync');
/** The same options, checked and complete. The rest of the package reads only these. */
export const RESOLVED_OPTIONS = Symbol('PortOneAuth:ResolvedOptions');
