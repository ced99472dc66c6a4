import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type {
  AccessTokenClaims,
  MerchantServiceClaims,
} from '../portone/jwt-claims.js';
import { own } from '../portone/own.js';

/** A claim, or one inside another with a dot between them. */
export type PortOneClaimPath =
  | keyof AccessTokenClaims
  | `merchant_service.${keyof MerchantServiceClaims}`
  | `custom_payload.${string}`;

const claimsParameter = createParamDecorator(
  async (path: string | undefined, context: ExecutionContext) => {
    const claims: unknown = await recallClaims(context)?.();
    return path === undefined ? claims : path.split('.').reduce(own, claims);
  },
);

/**
 * Gives a handler the claims its requirement was checked against: the caller's verified ones, or our own where the source
 * is `service`. Frozen, own properties only; undefined where `@RequirePermission` did not let the call in.
 *
 * @example `list(@PortOneClaims('merchant_service.merchant_id') merchantId: string)`
 */
export const PortOneClaims =
  (path?: PortOneClaimPath): ParameterDecorator =>
  (target, key, index) => {
    if (key !== undefined) markClaimsWanted(target, key);
    claimsParameter(path)(target, key, index);
  };

/** Gives the claims by which a call was let in. */
export type ClaimsSource = () => AccessTokenClaims | Promise<AccessTokenClaims>;

/** A stable string, for a second copy of this package. */
const WANTED = 'nestjs-portone-auth:claims-wanted';

/** Notes that a handler takes claims: remembering them costs more than the check of our own token. */
export const markClaimsWanted = (
  prototype: object,
  method: string | symbol,
): void => Reflect.defineMetadata(WANTED, true, prototype, method);

/** Whether a handler takes claims, or the one of a base class that it overrides. */
export const areClaimsWanted = (prototype: object, method: string): boolean =>
  Reflect.hasMetadata(WANTED, prototype, method);

/** The key is one of the arguments of this call, and no argument of any other call. */
const claimsOf = new WeakMap<object, ClaimsSource>();

const hasClaims = (arg: unknown): arg is object =>
  typeof arg === 'object' && arg !== null && claimsOf.has(arg);

/**
 * Remembers the claims that `@PortOneClaims` gives to this call. Calls may share every argument, as text messages of one socket
 * do. So an object of our own is added to the list of arguments: each call has its own list, and Nest passes the list on.
 */
export function rememberClaims(
  context: ExecutionContext,
  source: ClaimsSource,
): void {
  const args = context.getArgs<unknown[]>();
  const owner = ownerOf(context, args);
  if (owner) claimsOf.set(owner, source);
  if (isReference(context, args)) return;
  const note = args.findLast((arg) => arg !== owner && hasClaims(arg)) ?? {};
  claimsOf.set(note as object, source);
  // The last argument of a WebSocket call stays its pattern.
  const end = context.getType() === 'ws' ? args.length - 1 : args.length;
  if (!args.includes(note)) args.splice(end, 0, note);
}

/** What was remembered for this call; undefined when no requirement let it in. */
export function recallClaims(
  context: ExecutionContext,
): ClaimsSource | undefined {
  const owner = context.getArgs<unknown[]>().findLast(hasClaims);
  return owner && claimsOf.get(owner);
}

/** Nest's HTTP router gives guards and parameters two different lists of arguments. Only the request is in both. */
function ownerOf(
  context: ExecutionContext,
  args: readonly unknown[],
): object | undefined {
  const first = args[0];
  if (typeof first !== 'object' || first === null) return undefined;
  const isRequest = context.getType() === 'http' && 'headers' in first;
  return isRequest || isReference(context, args) ? first : undefined;
}

/** A resolver of a reference has three arguments, and the first one is the reference. */
const isReference = (
  context: ExecutionContext,
  args: readonly unknown[],
): boolean => context.getType<string>() === 'graphql' && args.length === 3;
