/** @module nestjs-portone-auth/swagger */
export { documentPermissions } from './document-permissions.js';
export type { DocumentPermissionsOptions } from './document-permissions.js';
