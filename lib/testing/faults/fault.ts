/** A call that goes wrong between the client and PortOne, or on PortOne's side; possible on every endpoint. */
export type AnswerFault =
  | {
      /** An HTTP status. */
      kind: 'status';
      /** Such as 503. */
      status: number;
      /** Seconds, or a string sent as it is (an HTTP date). */
      retryAfter?: number | string;
      /** Sent as JSON. Default: the error PortOne documents for this status of the operation, `STATUS_<n>` where it has none. */
      body?: unknown;
    }
  | {
      /** The real answer, late. */
      kind: 'delay';
      /** Milliseconds. */
      ms: number;
    }
  | {
      /** The request is read and never answered. */
      kind: 'hang';
    }
  | {
      /** TCP reset before the first byte of an answer. */
      kind: 'reset-before-answer';
    }
  | {
      /** Status 200, part of the body, then a TCP reset. */
      kind: 'reset-mid-answer';
    }
  | {
      /** Status 200 and headers, then nothing. */
      kind: 'headers-then-hang';
    }
  | {
      /** Status 200, then a body byte by byte, without an end. */
      kind: 'slow-drip';
      /** Milliseconds between two bytes. Default 50. */
      intervalMs?: number;
    }
  | {
      /** Status 200, a `Content-Length` longer than the body, and a clean end of the connection. */
      kind: 'truncated';
    }
  | {
      /** Bytes that are not HTTP, then the end of the connection. */
      kind: 'garbage';
    }
  | {
      /** An HTML page with status 200. */
      kind: 'html';
    }
  | {
      /** A firewall's HTML page with status 401. */
      kind: 'html-401';
    }
  | {
      /** Status 200 and no body. */
      kind: 'empty-body';
    }
  | {
      /** Status 200, `application/json`, and JSON that stops in the middle. */
      kind: 'broken-json';
    }
  | {
      /** A redirect. */
      kind: 'redirect';
      /** Where to. */
      location: string;
      /** Default 307. */
      status?: 301 | 302 | 303 | 307 | 308;
    };

/** A 200 of a token endpoint whose tokens cannot be used. */
export type TokenFault =
  | {
      /** `{}`. */
      kind: 'missing-tokens';
    }
  | {
      /** An access token without a refresh token. */
      kind: 'access-token-only';
    }
  | {
      /** Well-formed JWTs that died a minute ago by the emulator's clock. */
      kind: 'expired-tokens';
    }
  | {
      /** Strings that are not JWTs. */
      kind: 'malformed-tokens';
    }
  | {
      /** Well-formed JWTs whose `exp` is their `iat`, both one lifetime ahead. */
      kind: 'exp-not-after-iat';
    };

/** Every fault of the emulator. {@link TokenFault}s are for the token endpoints only. */
export type Fault = AnswerFault | TokenFault;

/** How often a fault happens, and whether its request still takes effect. */
export interface FaultOptions {
  /**
   * The number of requests that fail. Default: all, until `heal()`. Faults with `times` happen first, oldest first. `times` of
   * the target `tokens` is one count for both endpoints.
   */
  times?: number;
  /**
   * Whether PortOne handled the request before its answer was lost, so that a refresh has killed the old refresh token.
   * Default `false`: the request had no effect. A `delay` always gives the real answer.
   */
  processed?: boolean;
}
