import { elapsed, type Clock, type Instant } from '../../time/clock.js';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;
const FORCED_LIMIT = 20;
const FORCED_WINDOW_MS = 60_000;

/** Keeps 401s that no renewal heals from becoming a login storm: renewals forced by 401s rest for a while. */
export class RenewalPause {
  private current?: { readonly since: Instant; readonly lengthMs: number };
  private last?: { readonly endedAt: Instant; readonly lengthMs: number };
  private forced: Instant[] = [];
  #refused?: string;

  constructor(
    private readonly clock: Clock,
    private readonly reports: { paused(why: string, lengthMs: number): void },
  ) {}

  /** Milliseconds left; 0 when there is no pause. */
  get remainingMs(): number {
    if (!this.current) return 0;
    const { since, lengthMs } = this.current;
    const left = lengthMs - elapsed(this.clock, since);
    if (left > 0) return left;
    this.current = undefined;
    this.last = { endedAt: shift(since, lengthMs), lengthMs };
    return 0;
  }

  /** However many replays with this new token are refused, it counts once. */
  beginOnceFor(refused: string): void {
    if (this.#refused === refused || this.remainingMs > 0) return;
    this.#refused = refused;
    this.begin('A token issued after a 401 was refused as well');
  }

  /** Each pause lasts twice as long as the one before, up to 60 s, until a quiet pause length has passed. */
  private begin(why: string): void {
    const { last, clock } = this;
    const isQuiet = !last || elapsed(clock, last.endedAt) >= last.lengthMs;
    const lengthMs = isQuiet
      ? FIRST_PAUSE_MS
      : Math.min(LONGEST_PAUSE_MS, last.lengthMs * 2);
    this.current = { since: clock.now(), lengthMs };
    this.reports.paused(why, lengthMs);
  }

  /** A newly committed token may be better than the refused one. */
  end(): void {
    if (this.remainingMs === 0 || !this.current) return;
    const { lengthMs } = this.current;
    this.last = { endedAt: this.clock.now(), lengthMs };
    this.current = undefined;
  }

  /** Whether a 401 may force a renewal now. It counts: more than 20 within a minute begin a pause. */
  admits(): boolean {
    if (this.remainingMs > 0) return false;
    this.forced = this.forced.filter(
      (at) => elapsed(this.clock, at) < FORCED_WINDOW_MS,
    );
    if (this.forced.length < FORCED_LIMIT) {
      this.forced.push(this.clock.now());
      return true;
    }
    this.begin(
      'More than 20 renewals were forced within a minute; if other processes use this API secret, share one token through a store',
    );
    return false;
  }
}

const shift = (from: Instant, ms: number): Instant => ({
  monotonic: from.monotonic + ms,
  wall: from.wall + ms,
});
