/** The observed result of one case. */
export interface Outcome {
  /** The status of the answer, or the name, code and status of the error. */
  readonly sees: string;
  /** How long the caller waited in virtual ms, or which limit of the caller ended the wait. */
  readonly takes: number | 'its timeout' | 'its abort';
  /** `lastErrorCode` of `snapshot()`. */
  readonly lastErrorCode?: string | undefined;
  /** Which token calls the next attempt makes. */
  readonly next: readonly ('login' | 'refresh')[];
  /** When the next attempt is made, in ms after the failure; 0 when there is none. */
  readonly nextInMs: number;
  /** What ends after `nextInMs`. */
  readonly waits: 'nothing' | 'attempt' | 'pause';
  /** Whether a call after that is answered without another token call. */
  readonly heals: boolean;
  /** The token calls that the other instance of a fleet makes for its new token. */
  readonly othersCalls: number;
}
