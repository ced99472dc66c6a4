import { PERMISSION_NAMES } from '../../portone/permission-names.js';

/** The permissions in the sample token of PortOne's documents. The emulator's tokens have them by default. */
export const ALL_PERMISSIONS: readonly string[] = PERMISSION_NAMES;
