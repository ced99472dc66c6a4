/** Which owner has had the lock of a key since when, as far as this instance has seen. */
export class StuckLocks {
  readonly #seen = new Map<string, { owner: string; since: number }>();

  /** How long the lock has been seen in the hands of this owner, in ms. */
  seenForMs(key: string, owner: string, now: number): number {
    const seen = this.#seen.get(key);
    if (seen?.owner === owner) return now - seen.since;
    this.#seen.set(key, { owner, since: now });
    return 0;
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
