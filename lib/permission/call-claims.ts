import type { ExecutionContext } from '@nestjs/common';
import type { AccessTokenClaims } from '../portone/jwt-claims.js';

/** Gives the claims a call was let in with. */
export type ClaimsSource = () => AccessTokenClaims | Promise<AccessTokenClaims>;

/** A stable string: one copy's guard lets the call in, and another copy's decorator asks by what claims. */
const CLAIMS = 'nestjs-portone-auth:claims';

/** By handler: one GraphQL request runs several, with rules of their own. */
const claimsOf = (call: object): Map<Function, ClaimsSource> | undefined =>
  Reflect.getOwnMetadata(CLAIMS, call) as Map<Function, ClaimsSource>;

/** Where each transport's arguments hold an object that belongs to the call: request, context, or message and socket. */
const POSITIONS: Readonly<Record<string, readonly number[]>> = {
  http: [0],
  graphql: [2],
  rpc: [1],
  ws: [1, 0],
};

/** Guard and parameter decorator get different contexts; the call's own objects are the same in both. */
function callOf(context: ExecutionContext): object | undefined {
  const args = context.getArgs<unknown[]>();
  const positions = POSITIONS[context.getType<string>()] ?? args.keys();
  for (const position of positions) {
    const arg = args[position];
    if (typeof arg === 'object' && arg !== null) return arg;
  }
  return undefined;
}

/** A stable string, for a second copy of this package. */
const WANTED = 'nestjs-portone-auth:claims-wanted';

/** Notes on a class that a handler of its takes claims: remembering them costs more than the check of our own token. */
export const markClaimsWanted = (prototype: object): void =>
  Reflect.defineMetadata(WANTED, true, prototype);

/** Whether a handler of this class or of a base class takes claims. */
export const areClaimsWanted = (controller: Function): boolean =>
  Reflect.hasMetadata(WANTED, controller.prototype as object);

/** Remembers, for as long as the call lives, what `@PortOneClaims` is to give. */
export function rememberClaims(
  context: ExecutionContext,
  source: ClaimsSource,
): void {
  const call = callOf(context);
  if (!call) return;
  const claims = claimsOf(call) ?? new Map<Function, ClaimsSource>();
  claims.set(context.getHandler(), source);
  Reflect.defineMetadata(CLAIMS, claims, call);
}

/** What was remembered for the handler of this call; undefined when no requirement let it in. */
export function recallClaims(
  context: ExecutionContext,
): ClaimsSource | undefined {
  const call = callOf(context);
  return call && claimsOf(call)?.get(context.getHandler());
}
