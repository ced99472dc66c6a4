/** This many renewals are forced without further evidence. */
const FREE_CHANCES = 3;
/** After these, this many 401s in a row force a renewal; each time it does not help, the next run must be this many times longer. */
const RUN = 6;

/**
 * Decides which 401s of unknown endpoints may force a renewal during pauses. The first few may. After these, only a run of
 * 401s to a token that was accepted before: then the token has probably been revoked.
 */
export class UnknownEndpoints {
  #used = 0;
  /** The 401s since the held token was accepted; undefined before it was accepted. */
  #refusals?: number;

  /** Any endpoint has accepted the held token. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** An unknown endpoint has refused the held token. True when it may force a renewal. */
  mayForce(): boolean {
    if (this.#refusals !== undefined) this.#refusals += 1;
    if (this.#used >= FREE_CHANCES && !this.isRunComplete) return false;
    this.#used += 1;
    this.#refusals = undefined;
    return true;
  }

  /** Starts again, because a renewal that an unknown endpoint forced has helped, or the trouble is over. */
  reset(): void {
    this.#used = 0;
  }

  private get isRunComplete(): boolean {
    const refusals = this.#refusals ?? 0;
    return refusals >= RUN ** (this.#used - FREE_CHANCES + 1);
  }
}
