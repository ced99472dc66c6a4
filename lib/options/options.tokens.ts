/** The client's name. `Symbol.for`, so that two copies of this package see each other's clients. */
export const CLIENT_NAME = Symbol.for('nestjs-portone-auth:client-name');
/** Another value for each registration, so that Nest's `deep-hash` module ids never take two for one. */
export const REGISTRATION = Symbol('PortOneAuth:Registration');
/** What the user gave. */
export const GIVEN_OPTIONS = Symbol('PortOneAuth:GivenOptions');
/** The same, checked and complete: all that the rest of the package reads. */
export const RESOLVED_OPTIONS = Symbol('PortOneAuth:ResolvedOptions');
