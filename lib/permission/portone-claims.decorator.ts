import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type {
  AccessTokenClaims,
  MerchantServiceClaims,
} from '../portone/jwt-claims.js';
import { own } from '../portone/own.js';
import { markClaimsWanted, recallClaims } from './call-claims.js';

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
