/** Remembers for each key which owner had the lock, and since when. */
export class StuckLocks {
  readonly #seen = new Map<string, { owner: string; since: number }>();

  /** For how long this instance has seen this owner hold the lock, in ms. */
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
