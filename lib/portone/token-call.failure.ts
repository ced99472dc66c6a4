import type { TokenFailureReason } from '../errors/index.js';

/** What a failed token call tells its caller. Internal: users never get this error, only its facts. */
export class TokenCallFailure extends Error {
  constructor(
    readonly reason: TokenFailureReason,
    /** What happened, free of secrets and tokens. */
    readonly detail: string,
    readonly facts: {
      /** PortOne itself said that this credential is not good. */
      readonly rejected?: boolean;
      /** The new token is one of another merchant or store than the client's tokens before. */
      readonly isOtherMerchant?: boolean;
      /** Milliseconds PortOne asked us to wait. */
      readonly retryAfterMs?: number;
    } = {},
  ) {
    super(detail);
  }
}
