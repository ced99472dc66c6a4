/** Per request: `false` sends no token; `{ retry: false }` sends it, but does not replay a 401. */
export type PortOneAuthRequest =
  | false
  | {
      /** `false`: a 401 is the answer, without a replay. Default true. */
      readonly retry?: boolean;
    };

/** What an AxiosError says about the token of the call. */
export interface PortOneAuthOutcome {
  /** Whether the call was sent a second time with another token. */
  readonly replayed: boolean;
  /** Whether its body could be sent a second time. */
  readonly replayable: boolean;
}

declare module 'axios' {
  interface AxiosRequestConfig {
    portoneAuth?: PortOneAuthRequest;
  }
  interface AxiosError {
    portoneAuth?: PortOneAuthOutcome;
  }
}
