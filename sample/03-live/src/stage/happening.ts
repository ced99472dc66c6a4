import type { TokenEvent } from 'nestjs-portone-auth';

/** The effect of a button of the page. */
export type Act =
  | {
      readonly type:
        | 'revoked'
        | 'login-down'
        | 'login-up'
        | 'login-slow'
        | 'login-fast'
        | 'permission-taken'
        | 'permission-given'
        | 'instance-started'
        | 'instance-killed';
    }
  | {
      readonly type: 'requests';
      readonly count: number;
      /** How many were answered 200. */
      readonly ok: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'webhook';
      readonly isForged: boolean;
      /** What the shop answered. */
      readonly status: number;
    };

/** A line of the timeline: something that a button did, or that happened to the token of an instance. */
export type Happening =
  | (Act & { readonly at: number; readonly instance: 'stage' })
  | (TokenEvent & { readonly instance: 'first' | 'second' });
