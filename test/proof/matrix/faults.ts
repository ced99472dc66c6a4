import type {
  Fault,
  FaultOptions,
  TokenFault,
} from '../../../lib/testing/index.js';

/** The class of a fault. The rules depend on the class only. */
export type FaultClass =
  | 'refused'
  | 'unauthorized'
  | 'status'
  | 'retry-after'
  | 'redirect'
  | 'broken'
  | 'lost'
  | 'silent'
  | 'drip'
  | 'unusable'
  | 'expired'
  | 'slow';

/** A fault as the matrix knows it. */
export interface NamedFault {
  readonly name: string;
  readonly class: FaultClass;
  readonly fault: Fault;
  readonly options?: FaultOptions;
}

/** The `Retry-After` that PortOne sends, in seconds. */
export const RETRY_AFTER_S = 7;

type Row = [FaultClass, string, Fault, FaultOptions?];

const status = (
  code: number,
  type = `STATUS_${code}`,
  retryAfter?: number,
): Fault => ({
  kind: 'status',
  status: code,
  body: { type, message: 'PortOne says no.' },
  ...(retryAfter !== undefined && { retryAfter }),
});

const rows: Row[] = [
  ['refused', '400 INVALID_REQUEST', status(400, 'INVALID_REQUEST')],
  ['refused', '401 UNAUTHORIZED', status(401, 'UNAUTHORIZED')],
  ['unauthorized', 'a 401 of an unknown type', status(401)],
  ['unauthorized', "a firewall's HTML 401", { kind: 'html-401' }],
  ['status', '403', status(403)],
  ['status', '404', status(404)],
  ['status', '407', status(407)],
  ['status', '429', status(429)],
  ['status', '500', status(500)],
  ['status', '503', status(503)],
  [
    'retry-after',
    '429 with Retry-After',
    status(429, undefined, RETRY_AFTER_S),
  ],
  [
    'retry-after',
    '503 with Retry-After',
    status(503, undefined, RETRY_AFTER_S),
  ],
  [
    'redirect',
    'a redirect',
    { kind: 'redirect', location: 'http://127.0.0.1:9/' },
  ],
  ['broken', 'a reset before the answer', { kind: 'reset-before-answer' }],
  ['broken', 'a reset within the answer', { kind: 'reset-mid-answer' }],
  ['broken', 'a truncated answer', { kind: 'truncated' }],
  ['broken', 'bytes that are not HTTP', { kind: 'garbage' }],
  [
    'lost',
    'an answer lost after PortOne has handled the call',
    { kind: 'reset-before-answer' },
    { processed: true },
  ],
  ['silent', 'no answer', { kind: 'hang' }],
  ['silent', 'headers and then nothing', { kind: 'headers-then-hang' }],
  ['drip', 'a body that never ends', { kind: 'slow-drip', intervalMs: 2 }],
  ['unusable', 'HTML with 200', { kind: 'html' }],
  ['unusable', 'an empty 200', { kind: 'empty-body' }],
  ['unusable', 'incomplete JSON', { kind: 'broken-json' }],
  ['unusable', 'no tokens', { kind: 'missing-tokens' }],
  ['unusable', 'an access token alone', { kind: 'access-token-only' }],
  ['unusable', 'strings that are not JWTs', { kind: 'malformed-tokens' }],
  ['unusable', 'tokens without a lifetime', { kind: 'exp-not-after-iat' }],
  ['expired', 'expired tokens', { kind: 'expired-tokens' }],
  ['slow', 'a slow answer within the time limit', { kind: 'delay', ms: 20 }],
];

/** All faults that the emulator can make. */
export const ALL_FAULTS: readonly NamedFault[] = rows.map(
  ([kind, name, fault, options]) => ({
    name,
    class: kind,
    fault,
    ...(options && { options }),
  }),
);

/** The same fault, with an error body that repeats the secrets that were sent. */
export const quoting = (fault: Fault, sent: readonly string[]): Fault =>
  fault.kind === 'status'
    ? {
        ...fault,
        body: {
          ...(fault.body as { type: string }),
          message: `You sent ${sent.map((text) => `"${text}", Bearer ${text}`).join(' and ')}.`,
        },
      }
    : fault;

const TOKEN_FAULTS: readonly Fault['kind'][] = [
  'missing-tokens',
  'access-token-only',
  'expired-tokens',
  'malformed-tokens',
  'exp-not-after-iat',
] satisfies TokenFault['kind'][];

/** Whether only a token endpoint can have the fault. */
export const isTokenFault = (fault: Fault): fault is TokenFault =>
  TOKEN_FAULTS.includes(fault.kind);
