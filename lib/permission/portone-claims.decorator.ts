import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type {
  AccessTokenClaims,
  MerchantServiceClaims,
} from '../portone/jwt-claims.js';
import { own } from '../portone/own.js';

/** The name of a claim, or the path of a nested claim, such as `merchant_service.store_id`. */
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
 * Gives a handler the claims of the token that `@RequirePermission` checked: the caller's verified token, or our own token
 * when the source is `service`. With a path, gives that claim only. The value is frozen; a path reads own properties only.
 * Undefined when no requirement was checked for the call.
 *
 * @example `list(@PortOneClaims('merchant_service.merchant_id') merchantId: string)`
 */
export const PortOneClaims =
  (path?: PortOneClaimPath): ParameterDecorator =>
  (target, key, index) => {
    if (key !== undefined) markClaimsWanted(target, key);
    claimsParameter(path)(target, key, index);
  };

/** Returns the claims that a permission check has used. */
export type ClaimsSource = () => AccessTokenClaims | Promise<AccessTokenClaims>;

/** A string, so that a second copy of this package finds the same metadata. */
const WANTED = 'nestjs-portone-auth:claims-wanted';

/** Marks a handler with `@PortOneClaims`. Claims are kept for such handlers only: that takes longer than a check of our own token. */
export const markClaimsWanted = (
  prototype: object,
  method: string | symbol,
): void => Reflect.defineMetadata(WANTED, true, prototype, method);

/** Whether a handler has `@PortOneClaims`, or overrides a method of a base class that has it. */
export const areClaimsWanted = (prototype: object, method: string): boolean =>
  Reflect.hasMetadata(WANTED, prototype, method);

/** Each key is an argument of one call, and of no other call. */
const claimsOf = new WeakMap<object, ClaimsSource>();

const hasClaims = (arg: unknown): arg is object =>
  typeof arg === 'object' && arg !== null && claimsOf.has(arg);

/**
 * Keeps the claims that `@PortOneClaims` will give to the handler of this call. Two calls may share every argument: text
 * messages on one socket do. But each call has its own array of arguments, so a new object in that array serves as the key.
 */
export function rememberClaims(
  context: ExecutionContext,
  source: ClaimsSource,
): void {
  const args = context.getArgs<unknown[]>();
  const unique = uniqueArgument(context, args);
  if (unique) claimsOf.set(unique, source);
  if (isReference(context, args)) return;
  const key = args.findLast((arg) => arg !== unique && hasClaims(arg)) ?? {};
  claimsOf.set(key as object, source);
  // Nest reads the pattern of a WebSocket call from the last argument, so that one must stay last.
  const end = context.getType() === 'ws' ? args.length - 1 : args.length;
  if (!args.includes(key)) args.splice(end, 0, key);
}

/** The claims that were kept for this call; undefined when no requirement was checked. */
export function recallClaims(
  context: ExecutionContext,
): ClaimsSource | undefined {
  const key = context.getArgs<unknown[]>().findLast(hasClaims);
  return key && claimsOf.get(key);
}

/** Nest's HTTP router gives guards and parameter decorators two different arrays of arguments. Only the request is in both. */
function uniqueArgument(
  context: ExecutionContext,
  args: readonly unknown[],
): object | undefined {
  const first = args[0];
  if (typeof first !== 'object' || first === null) return undefined;
  const isRequest = context.getType() === 'http' && 'headers' in first;
  return isRequest || isReference(context, args) ? first : undefined;
}

/** A resolver with `@ResolveReference` gets three arguments, and the first is the reference. */
const isReference = (
  context: ExecutionContext,
  args: readonly unknown[],
): boolean => context.getType<string>() === 'graphql' && args.length === 3;
