import type { ConfigurationProblem } from '../errors/index.js';
import type { ResolvedPermissions } from '../permission/resolved-permissions.js';
import { givenFields, unknownFields } from './given-fields.js';
import type {
  CallerVerificationOptions,
  PermissionsOptions,
} from './permissions-options.js';
import { readPublicKeys } from './public-keys.js';

const FIELDS = ['source', 'verification', 'bootCheck'];
const VERIFICATION_FIELDS = [
  'publicKey',
  'jwksUri',
  'merchantId',
  'storeId',
  'clockTolerance',
  'maxTokenAge',
];

/**
 * The plain fields of `permissions` with their defaults, for the DTO to judge. Every field is there, undefined or not: what is
 * put on `Object.prototype` later must not become a pin or a key.
 */
export function plainPermissions(given: PermissionsOptions) {
  const {
    source = 'service',
    bootCheck = 'warn',
    verification,
  } = givenFields(given);
  return {
    source,
    bootCheck,
    verification:
      verification === undefined ? undefined : plainVerification(verification),
  };
}

/** What no DTO says about `permissions`: names that are no options, and the key. */
export function permissionProblems(
  given: PermissionsOptions,
): ConfigurationProblem[] {
  const { source, verification } = givenFields(given);
  const isNeeded = source === 'caller' || verification !== undefined;
  return [
    ...unknownFields(given, FIELDS, 'permissions.'),
    ...unknownFields(verification, VERIFICATION_FIELDS, `${VERIFICATION}.`),
    ...(isNeeded ? keyProblems(verification) : []),
  ];
}

/** The checked permission options. */
export function resolvePermissions(
  given: PermissionsOptions,
): ResolvedPermissions {
  const { verification, ...options } = plainPermissions(given);
  if (!verification) return Object.freeze({ ...options, verification });
  const { merchantId: merchantIds, ...rest } = verification;
  const { publicKey } = givenFields(givenFields(given).verification);
  const publicKeys =
    publicKey === undefined ? undefined : readPublicKeys(publicKey);
  return Object.freeze({
    ...options,
    verification: Object.freeze({ ...rest, merchantIds, publicKeys }),
  });
}

const VERIFICATION = 'permissions.verification';

function plainVerification(given: CallerVerificationOptions) {
  const {
    jwksUri,
    merchantId,
    storeId,
    clockTolerance = 5,
    maxTokenAge = 3600,
  } = givenFields(given);
  return {
    jwksUri,
    merchantId: typeof merchantId === 'string' ? [merchantId] : merchantId,
    storeId,
    clockTolerance,
    maxTokenAge,
  };
}

function keyProblems(
  given: CallerVerificationOptions | undefined,
): ConfigurationProblem[] {
  const { publicKey, jwksUri } = givenFields(given);
  if ((publicKey === undefined) === (jwksUri === undefined)) {
    const message = 'needs exactly one of publicKey and jwksUri';
    return [{ field: VERIFICATION, message }];
  }
  if (publicKey === undefined) return [];
  try {
    readPublicKeys(publicKey);
    return [];
  } catch (error) {
    const { message } = error as TypeError;
    return [{ field: `${VERIFICATION}.publicKey`, message }];
  }
}
