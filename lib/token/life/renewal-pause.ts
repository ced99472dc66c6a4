import { elapsed, type Clock, type Instant } from '../../time/clock.js';

const FIRST_PAUSE_MS = 1_000;
const SECOND_PAUSE_MS = 20_000;
const LONGEST_PAUSE_MS = 60_000;
const FORCED_LIMIT = 20;
const FORCED_WINDOW_MS = 60_000;
const STORM_PAUSE_MS = 10_000;
/** During pauses, so many renewals are forced by endpoints that are not known, until one of them helps. */
const UNKNOWN_CHANCES = 3;
/** So many endpoints are remembered. */
const KNOWN_ENDPOINTS = 256;

interface Pause {
  readonly since: Instant;
  readonly lengthMs: number;
  /** A storm pauses every endpoint, also those that are known to accept tokens. */
  readonly isForAll: boolean;
}

/**
 * Which 401s may force a renewal. An endpoint that refuses even a token fetched for it is `odd`: it begins a pause, in which
 * odd endpoints force nothing. Endpoints that have accepted a token since then (`good`) still may: there a 401 means that
 * the token was revoked. Of endpoints that are not known only a few may. Outside of trouble nothing is remembered.
 */
export class RenewalPause {
  #pause?: Pause;
  readonly #endpoints = new Map<string, 'good' | 'odd'>();
  #chances = UNKNOWN_CHANCES;
  #forced: Instant[] = [];
  #forcedBy?: string;
  #countedToken?: string;

  constructor(
    private readonly clock: Clock,
    private readonly reports: { paused(why: string, lengthMs: number): void },
  ) {}

  /** Milliseconds left; 0 when there is no pause. */
  get leftMs(): number {
    return this.#pause ? Math.max(0, -this.msSinceEnd(this.#pause)) : 0;
  }

  /** Whether the endpoint has refused a token that was fetched for it. */
  isOdd(endpoint: string | undefined): boolean {
    return endpoint !== undefined && this.#endpoints.get(endpoint) === 'odd';
  }

  /** A 401 of this endpoint asks for a renewal. True when it gets one, which is counted. */
  forced(endpoint: string | undefined): boolean {
    this.forgetOldTrouble();
    if (this.leftMs > 0 && !this.mayForceInPause(endpoint)) return false;
    this.#forced = this.#forced.filter(
      (at) => elapsed(this.clock, at) < FORCED_WINDOW_MS,
    );
    if (this.#forced.length >= FORCED_LIMIT) {
      this.begin(
        STORM_PAUSE_MS,
        true,
        'More than 20 renewals were forced within a minute; if other processes use this API secret, share one token through a store',
      );
      return false;
    }
    this.#forced.push(this.clock.now());
    this.#forcedBy = endpoint;
    return true;
  }

  /** The endpoint has refused a token that was fetched because of a 401. However many calls it refuses that one to, it counts once. */
  unhealed(token: string, endpoint: string): void {
    this.forgetOldTrouble();
    const isCounted = this.#countedToken === token;
    this.#countedToken = token;
    this.remember(endpoint, 'odd');
    if (isCounted) return;
    // What was good with an older token may refuse this one for the same reason.
    for (const [name, verdict] of this.#endpoints)
      if (verdict === 'good') this.#endpoints.delete(name);
    if (this.#pause && this.leftMs > 0)
      this.#pause = { ...this.#pause, since: this.clock.now() };
    else
      this.begin(
        FIRST_PAUSE_MS,
        false,
        'A token issued after a 401 was refused as well',
      );
  }

  /** The endpoint has accepted a token that was fetched because of a 401. */
  healed(endpoint: string): void {
    if (endpoint === this.#forcedBy) this.#chances = UNKNOWN_CHANCES;
    this.accepted(endpoint);
  }

  /** The endpoint has accepted a token. Costs nothing when there was no trouble lately. */
  accepted(endpoint: string): void {
    this.forgetOldTrouble();
    if (this.#pause) this.remember(endpoint, 'good');
  }

  /** Whether {@link accepted} is of interest. */
  get isWatching(): boolean {
    return this.#pause !== undefined;
  }

  /** A newly committed token may be better than the refused one. */
  end(): void {
    const pause = this.#pause;
    const leftMs = this.leftMs;
    if (pause && leftMs > 0)
      this.#pause = { ...pause, since: shift(pause.since, -leftMs) };
  }

  /** Each pause is longer than the one before, up to 60 s, until a quiet time has passed. */
  private begin(firstMs: number, isForAll: boolean, why: string): void {
    const last = this.#pause;
    const lengthMs = last
      ? Math.min(LONGEST_PAUSE_MS, Math.max(SECOND_PAUSE_MS, last.lengthMs * 2))
      : firstMs;
    this.#pause = { since: this.clock.now(), lengthMs, isForAll };
    this.reports.paused(why, lengthMs);
  }

  private mayForceInPause(endpoint: string | undefined): boolean {
    if (endpoint === undefined || this.#pause?.isForAll) return false;
    const verdict = this.#endpoints.get(endpoint);
    if (verdict) return verdict === 'good';
    if (this.#chances === 0) return false;
    this.#chances -= 1;
    return true;
  }

  private remember(endpoint: string, verdict: 'good' | 'odd'): void {
    this.#endpoints.delete(endpoint);
    const [oldest] = this.#endpoints.keys();
    if (oldest !== undefined && this.#endpoints.size >= KNOWN_ENDPOINTS)
      this.#endpoints.delete(oldest);
    this.#endpoints.set(endpoint, verdict);
  }

  private msSinceEnd({ since, lengthMs }: Pause): number {
    return elapsed(this.clock, since) - lengthMs;
  }

  private forgetOldTrouble(): void {
    const pause = this.#pause;
    if (!pause) return;
    const quietMs = Math.max(SECOND_PAUSE_MS, pause.lengthMs);
    if (this.msSinceEnd(pause) < quietMs) return;
    this.#pause = undefined;
    this.#endpoints.clear();
    this.#chances = UNKNOWN_CHANCES;
  }
}

const shift = (from: Instant, ms: number): Instant => ({
  monotonic: from.monotonic + ms,
  wall: from.wall + ms,
});
