import type { Cure } from '../../store/sealed-pair.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { KnownEndpoints, nameOf } from './known-endpoints.js';
import type { LifeReports } from './life-reports.js';

const FIRST_PAUSE_MS = 1_000;
const SECOND_PAUSE_MS = 20_000;
const LONGEST_PAUSE_MS = 60_000;
const FORCED_LIMIT = 20;
const FORCED_WINDOW_MS = 60_000;
const STORM_PAUSE_MS = 10_000;
/** In pauses, unknown endpoints may force this many renewals. The count starts again when one of them helps. */
const UNKNOWN_CHANCES = 3;

interface Pause {
  readonly since: Instant;
  readonly lengthMs: number;
  /** A storm pauses every endpoint, also those that are known to accept tokens. */
  readonly isForAll: boolean;
}

/**
 * Which 401s may force a renewal. An endpoint that refuses even a token fetched for it begins a pause, in which it forces
 * nothing. Endpoints that have accepted a token since then still may: there a 401 means that the token was revoked. Unknown
 * endpoints may force a few. Nothing is remembered before the first refused replay.
 */
export class RenewalPause {
  #pause?: Pause;
  #chances = UNKNOWN_CHANCES;
  #forced: Instant[] = [];
  #askedBy?: string;
  #countedToken?: string;
  readonly #endpoints: KnownEndpoints;

  constructor(
    private readonly clock: Clock,
    private readonly reports: Pick<LifeReports, 'paused'>,
  ) {
    this.#endpoints = new KnownEndpoints(clock);
  }

  /** Milliseconds left; 0 when there is no pause. */
  get leftMs(): number {
    return this.#pause ? Math.max(0, -this.msSinceEnd(this.#pause)) : 0;
  }

  /** What a token that is fetched now because of a 401 tells other instances. */
  get cure(): Cure {
    const asked = this.#askedBy === undefined ? [] : [nameOf(this.#askedBy)];
    const odd = this.#endpoints.oddNames;
    return {
      endpoints: [...new Set([...asked, ...odd])],
      pauseMs:
        this.#pause && this.leftMs > 0 ? this.#pause.lengthMs : this.nextMs,
    };
  }

  /**
   * The endpoint has refused a cure that another instance has fetched. True when it is known to refuse cures: here, or where
   * this one was fetched. There it counts as known while the pause that began with the cure may last. After that the cure may
   * have been revoked.
   */
  refusedCureOfOther(
    endpoint: string,
    { endpoints, pauseMs }: Cure,
    since: Instant,
  ): boolean {
    if (this.#endpoints.isOdd(endpoint)) return true;
    if (!endpoints.includes(nameOf(endpoint))) return false;
    const pause = { since, lengthMs: pauseMs, isForAll: false };
    if (this.msSinceEnd(pause) < 0) return true;
    // The next pause is longer than this one, also here.
    const knownMs = this.#pause?.lengthMs ?? 0;
    if (this.leftMs === 0 && pauseMs >= knownMs) this.#pause = pause;
    return false;
  }

  /** A 401 of this endpoint has made the held token suspect. */
  askedBy(endpoint: string | undefined): void {
    this.#askedBy = endpoint;
  }

  /** A 401 of this endpoint asks for a renewal. True when it may have one, which is counted. */
  forced(endpoint: string | undefined): boolean {
    this.forgetOldTrouble();
    if (this.leftMs > 0 && !this.mayForceInPause(endpoint)) return false;
    this.#forced = this.#forced.filter(
      (at) => elapsed(this.clock, at) < FORCED_WINDOW_MS,
    );
    if (this.#forced.length >= FORCED_LIMIT) {
      this.begin(
        this.#pause ? this.nextMs : STORM_PAUSE_MS,
        true,
        'More than 20 renewals were forced within a minute; if other processes use this API secret, share one token through a store',
      );
      return false;
    }
    this.#forced.push(this.clock.now());
    return true;
  }

  /**
   * The endpoint has refused a token that was fetched because of a 401. However many calls it refuses that one to, it counts
   * once. In a fleet the pause is as long as that of the instance that fetched the token, at least.
   */
  unhealed(token: string, endpoint: string, { pauseMs }: Cure): void {
    this.forgetOldTrouble();
    const isCounted = this.#countedToken === token;
    this.#countedToken = token;
    this.#endpoints.unhealed(endpoint, token);
    if (isCounted) return;
    this.#endpoints.forgetGood();
    const pause = this.#pause;
    if (pause && this.leftMs > 0)
      this.#pause = {
        ...pause,
        since: this.clock.now(),
        lengthMs: Math.max(pause.lengthMs, pauseMs),
      };
    else
      this.begin(
        Math.max(this.nextMs, pauseMs),
        false,
        'A token issued after a 401 was refused as well',
      );
  }

  /** The endpoint has accepted a token that was fetched because of a 401. */
  healed(endpoint: string): void {
    if (endpoint === this.#askedBy) this.#chances = UNKNOWN_CHANCES;
    this.accepted(endpoint);
  }

  /** The endpoint has accepted a token. */
  accepted(endpoint: string): void {
    this.forgetOldTrouble();
    if (this.#pause) this.#endpoints.accepted(endpoint);
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

  private begin(lengthMs: number, isForAll: boolean, why: string): void {
    this.#pause = { since: this.clock.now(), lengthMs, isForAll };
    this.reports.paused(why, lengthMs);
  }

  /** Each pause is longer than the one before, up to 60 s, until a quiet time has passed. */
  private get nextMs(): number {
    if (!this.#pause) return FIRST_PAUSE_MS;
    const { lengthMs } = this.#pause;
    return Math.min(LONGEST_PAUSE_MS, Math.max(SECOND_PAUSE_MS, lengthMs * 2));
  }

  private mayForceInPause(endpoint: string | undefined): boolean {
    if (endpoint === undefined || this.#pause?.isForAll) return false;
    const isTrusted = this.#endpoints.isTrusted(endpoint);
    if (isTrusted !== undefined) return isTrusted;
    if (this.#chances === 0) return false;
    this.#chances -= 1;
    return true;
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
