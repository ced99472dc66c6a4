import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';

/** A failure of PortOne or of the network. Possible on every endpoint. */
export type AnswerFault =
  | {
      /** An HTTP status. */
      kind: 'status';
      /** Such as 503. */
      status: number;
      /** Seconds, or a string sent as it is (an HTTP date). */
      retryAfter?: number | string;
      /** Sent as JSON. Default: the error that PortOne documents for this status of the operation, or `STATUS_<n>` if there is none. */
      body?: unknown;
    }
  | {
      /** The normal answer, after a delay. */
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
      /** Status 200, then a body that arrives byte by byte and never ends. */
      kind: 'slow-drip';
      /** Milliseconds between two bytes. Default 50. */
      intervalMs?: number;
    }
  | {
      /** Status 200 and a `Content-Length` longer than the body. The connection is closed without an error. */
      kind: 'truncated';
    }
  | {
      /** Bytes that are not HTTP. Then the connection is closed. */
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
      /** The URL to redirect to. */
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
      /** Well-formed JWTs that expired a minute ago by the emulator's clock. */
      kind: 'expired-tokens';
    }
  | {
      /** Strings that are not JWTs. */
      kind: 'malformed-tokens';
    }
  | {
      /** Well-formed JWTs with `exp` equal to `iat`, both one lifetime in the future. */
      kind: 'exp-not-after-iat';
    };

/** Every fault of the emulator. A {@link TokenFault} is possible on the token endpoints only. */
export type Fault = AnswerFault | TokenFault;

const KINDS: Readonly<Record<Fault['kind'], true>> = {
  status: true,
  delay: true,
  hang: true,
  'reset-before-answer': true,
  'reset-mid-answer': true,
  'headers-then-hang': true,
  'slow-drip': true,
  truncated: true,
  garbage: true,
  html: true,
  'html-401': true,
  'empty-body': true,
  'broken-json': true,
  redirect: true,
  'missing-tokens': true,
  'access-token-only': true,
  'expired-tokens': true,
  'malformed-tokens': true,
  'exp-not-after-iat': true,
};

/** Throws AuthConfigurationError for a fault of an unknown kind. */
export function checkFault(fault: Fault): void {
  if (Object.hasOwn(KINDS, Object(fault).kind)) return;
  throw new AuthConfigurationError([
    {
      field: 'kind',
      message: `must be one of ${Object.keys(KINDS).join(', ')}`,
    },
  ]);
}

/** How often a fault happens, and whether its request still takes effect. */
export interface FaultOptions {
  /**
   * The number of requests that fail. Default: all, until `heal()`. Faults with `times` are used first, the oldest first. For the
   * target `tokens`, login and refresh share one count.
   */
  times?: number;
  /**
   * Whether the request takes effect before its answer is lost: a refresh then ends the old refresh token. Default `false`. A
   * request with a `delay` always takes effect.
   */
  processed?: boolean;
}
