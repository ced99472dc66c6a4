import { IsIn } from 'class-validator';
import type { JSONWebKeySet, JWK } from 'jose';
import type { ConfigurationProblem } from '../errors/index.js';
import type {
  BootCheck,
  PermissionSource,
  ResolvedPermissions,
} from '../permission/resolved-permissions.js';
import { isBlank } from '../portone/secret-fault.js';
import { Must, Option, OptionGroup, readGroup, Whole } from './option.js';
import { readPublicKeys } from './public-keys.js';
import { urlProblem } from './token-url.js';

/** How the tokens of callers are verified: ES256, issuer IAMPORT, and a key from exactly one of `publicKey` and `jwksUri`. */
class VerificationGroup extends OptionGroup {
  /** A P-256 public key as PEM (SPKI) or JWK, or several as a JWKS with a `kid` each. */
  @Option(Must(keyProblem))
  readonly publicKey?: string | JWK | JSONWebKeySet;

  /** The URL of a JWKS: https, or plain http for a loopback host. */
  @Option(Must(urlProblem))
  readonly jwksUri?: string;

  /** The merchant whose tokens are accepted, or several. Default: the merchant of our own token. */
  @Option(Must(merchantProblem))
  readonly merchantId?: string | readonly string[];

  /** The one store whose tokens are accepted. Default: every store of the merchant. */
  @Option(Must((id) => (isId(id) ? undefined : 'must be a store id')))
  readonly storeId?: string;

  /** How far this machine's clock may be wrong, in seconds from 0 to 60. Default 5. */
  @Option(Whole('seconds', 0, 60))
  readonly clockTolerance: number = 5;

  /** How old a token may be, in seconds since its `iat`. Default 3600. */
  @Option(Whole('seconds', 1, 86_400))
  readonly maxTokenAge: number = 3600;
}

/** How the tokens of callers are verified: ES256, issuer IAMPORT, and a key from exactly one of `publicKey` and `jwksUri`. */
export interface CallerVerificationOptions extends Partial<VerificationGroup> {}

/** Defaults of `@RequirePermission`. */
export class PermissionsGroup extends OptionGroup {
  /**
   * `service` checks the permissions of our own token; it does not authenticate the caller. `caller` checks those of the
   * Bearer token in the request, and needs `verification`. Default `service`.
   */
  @Option(
    IsIn(['service', 'caller'], { message: "must be 'service' or 'caller'" }),
  )
  readonly source: PermissionSource = 'service';

  /** Required when a route has the source `caller`. */
  @Option()
  readonly verification?: CallerVerificationOptions;

  /**
   * What happens at boot when our own token lacks a permission that a route requires. `off`: nothing. `warn`: one log entry
   * lists the routes. `error`: the app does not start. Default `warn`.
   */
  @Option(
    IsIn(['off', 'warn', 'error'], {
      message: "must be 'off', 'warn' or 'error'",
    }),
  )
  readonly bootCheck: BootCheck = 'warn';
}

/** Defaults of `@RequirePermission`. */
export interface PermissionsOptions extends Partial<PermissionsGroup> {}

/** Reads the keys in the permission options, and returns everything that is wrong with `verification`. */
export function readPermissions({
  source,
  bootCheck,
  verification: given,
}: PermissionsGroup): {
  readonly permissions?: ResolvedPermissions;
  readonly problems: ConfigurationProblem[];
} {
  // `verification` is set even when it is undefined, so that a polluted prototype cannot add one.
  const options = { source, bootCheck, verification: undefined };
  if (given === undefined && source !== 'caller')
    return { permissions: Object.freeze(options), problems: [] };
  const field = 'permissions.verification';
  const { options: checked, problems } = readGroup(
    VerificationGroup,
    given,
    field,
  );
  const { publicKey, merchantId, ...rest } = checked;
  if (
    (publicKey === undefined) === (rest.jwksUri === undefined) &&
    problems.length === 0
  )
    problems.push({
      field,
      message: 'needs exactly one of publicKey and jwksUri',
    });
  if (problems.length > 0) return { problems };
  const verification = Object.freeze({
    ...rest,
    merchantIds: typeof merchantId === 'string' ? [merchantId] : merchantId,
    publicKeys: publicKey === undefined ? undefined : readPublicKeys(publicKey),
  });
  return { permissions: Object.freeze({ ...options, verification }), problems };
}

function keyProblem(key: unknown): string | undefined {
  try {
    readPublicKeys(key);
    return undefined;
  } catch (error) {
    return (error as TypeError).message;
  }
}

function merchantProblem(given: unknown): string | undefined {
  const ids: unknown[] = Array.isArray(given) ? given : [given];
  return ids.length > 0 && ids.every(isId)
    ? undefined
    : 'must be a merchant id, or a list of them';
}

const isId = (id: unknown): boolean => typeof id === 'string' && !isBlank(id);
