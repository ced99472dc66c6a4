import { elapsed, type Clock, type Instant } from './clock.js';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;
const FORCED_LIMIT = 20;
const FORCED_WINDOW_MS = 60_000;

/** Keeps 401s that no renewal heals from becoming a login storm: renewals forced by 401s rest for a while. */
export class RenewalPause {
  private current?: { readonly since: Instant; readonly lengthMs: number };
  private last?: { readonly endedAt: Instant; readonly lengthMs: number };
  private forced: Instant[] = [];

  constructor(private readonly clock: Clock) {}

  /** Milliseconds left; 0 when there is no pause. */
  remainingMs(): number {
    if (!this.current) return 0;
    const { since, lengthMs } = this.current;
    const left = lengthMs - elapsed(this.clock, since);
    if (left > 0) return left;
    this.current = undefined;
    this.last = { endedAt: shift(since, lengthMs), lengthMs };
    return 0;
  }

  /** Each pause lasts twice as long as the one before, up to 60 s, until a quiet pause length has passed. */
  begin(): void {
    if (this.remainingMs() > 0) return;
    const isQuiet =
      !this.last ||
      elapsed(this.clock, this.last.endedAt) >= this.last.lengthMs;
    const lengthMs = isQuiet
      ? FIRST_PAUSE_MS
      : Math.min(LONGEST_PAUSE_MS, (this.last?.lengthMs ?? 0) * 2);
    this.current = { since: this.clock.now(), lengthMs };
  }

  /** A newly committed token may be better than the refused one. */
  end(): void {
    if (this.remainingMs() === 0 || !this.current) return;
    this.last = {
      endedAt: this.clock.now(),
      lengthMs: this.current.lengthMs,
    };
    this.current = undefined;
  }

  /** Counts a forced renewal; false when there were more than 20 in the last minute. */
  admit(): boolean {
    this.forced = this.forced.filter(
      (at) => elapsed(this.clock, at) < FORCED_WINDOW_MS,
    );
    if (this.forced.length >= FORCED_LIMIT) return false;
    this.forced.push(this.clock.now());
    return true;
  }
}

const shift = (from: Instant, ms: number): Instant => ({
  monotonic: from.monotonic + ms,
  wall: from.wall + ms,
});
