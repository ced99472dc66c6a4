import type { ConfigurationProblem } from '../errors/index.js';
import type { PermissionOptions } from '../permission/permission-options.js';
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

/** The plain fields of `permissions` with their defaults, for the DTO to judge. */
export const plainPermissions = (given: PermissionsOptions) => ({
  source: given.source ?? 'service',
  bootCheck: given.bootCheck ?? 'warn',
  ...(given.verification !== undefined && {
    verification: plainVerification(given.verification),
  }),
});

/** What no DTO says about `permissions`: names that are no options, and the key. */
export function permissionProblems(
  given: PermissionsOptions,
): ConfigurationProblem[] {
  const { source, verification } = given;
  const isNeeded = source === 'caller' || verification !== undefined;
  return [
    ...unknownFields('permissions', given, FIELDS),
    ...unknownFields(VERIFICATION, verification, VERIFICATION_FIELDS),
    ...(isNeeded ? keyProblems(Object(verification) as object) : []),
  ];
}

/** The checked permission options. */
export function resolvePermissions(
  given: PermissionsOptions,
): PermissionOptions {
  const { verification, ...options } = plainPermissions(given);
  if (!verification) return Object.freeze(options);
  const { merchantId: merchantIds, ...rest } = verification;
  const publicKey = given.verification?.publicKey;
  return Object.freeze({
    ...options,
    verification: Object.freeze({
      ...rest,
      ...(merchantIds && { merchantIds }),
      ...(publicKey !== undefined && { publicKeys: readPublicKeys(publicKey) }),
    }),
  });
}

const VERIFICATION = 'permissions.verification';

function plainVerification(given: CallerVerificationOptions) {
  const { jwksUri, merchantId, storeId, clockTolerance, maxTokenAge } = Object(
    given,
  ) as CallerVerificationOptions;
  return {
    ...(jwksUri !== undefined && { jwksUri }),
    ...(merchantId !== undefined && {
      merchantId: typeof merchantId === 'string' ? [merchantId] : merchantId,
    }),
    ...(storeId !== undefined && { storeId }),
    clockTolerance: clockTolerance ?? 5,
    maxTokenAge: maxTokenAge ?? 3600,
  };
}

function keyProblems({
  publicKey,
  jwksUri,
}: CallerVerificationOptions): ConfigurationProblem[] {
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

/** A misspelt pin would be no pin. */
const unknownFields = (
  path: string,
  given: unknown,
  known: readonly string[],
): ConfigurationProblem[] =>
  Object.keys(Object(given) as object)
    .filter((field) => !known.includes(field))
    .map((field) => ({
      field: `${path}.${field}`,
      message: 'is not an option',
    }));
