import type { TokenFailureReason } from '../errors/index.js';

/** The error of a failed token call. Internal: users get an error with the same facts instead. */
export class TokenCallFailure extends Error {
  constructor(
    readonly reason: TokenFailureReason,
    /** What happened, free of secrets and tokens. */
    readonly detail: string,
    readonly facts: {
      /** PortOne itself rejected the credential. */
      readonly rejected?: boolean;
      /** The new token belongs to another merchant or store than the client's tokens before. */
      readonly isOtherMerchant?: boolean;
      /** How long PortOne asked us to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    } = {},
  ) {
    super(detail);
  }
}
