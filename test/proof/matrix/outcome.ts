/** What came of one case. */
export interface Outcome {
  /** The answer's status, or the error: its name, its code and PortOne's status. */
  readonly sees: string;
  /** How long the caller waited: in virtual ms, or what of its own ended the wait. */
  readonly takes: number | 'its timeout' | 'its abort';
  /** What `snapshot()` gives as the last error. */
  readonly lastErrorCode?: string | undefined;
  /** Which token calls the next attempt makes. */
  readonly next: readonly ('login' | 'refresh')[];
  /** When it is made, in ms after the failure; 0 when nothing is left to do. */
  readonly nextInMs: number;
  /** What it is that waits so long. */
  readonly waits: 'nothing' | 'attempt' | 'pause';
  /** Whether a call is answered after it, without another token call. */
  readonly heals: boolean;
  /** What the other instance of a fleet pays for its new token. */
  readonly othersPay: number;
}
