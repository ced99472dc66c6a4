import type { Cure } from '../../store/sealed-pair.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { KnownEndpoints, nameOf } from './known-endpoints.js';
import type { LifeReports } from './life-reports.js';
import { UnknownEndpoints } from './unknown-endpoints.js';

const FIRST_PAUSE_MS = 1_000;
const SECOND_PAUSE_MS = 20_000;
const LONGEST_PAUSE_MS = 60_000;
const FORCED_LIMIT = 20;
const FORCED_WINDOW_MS = 60_000;
const STORM_PAUSE_MS = 10_000;

interface Pause {
  readonly since: Instant;
  readonly lengthMs: number;
  /** After too many forced renewals the pause holds for every endpoint, also for those that are known to accept tokens. */
  readonly isForAll: boolean;
}

/**
 * Decides which 401s may force a renewal. When an endpoint refuses even a token that was fetched because of its 401, a pause
 * begins. During the pause that endpoint forces no renewal. An endpoint that has accepted a token since then still may,
 * because its 401 means that the token was revoked. `UnknownEndpoints` decides for all others. Before the first refused replay
 * nothing is remembered.
 */
export class RenewalPause {
  #pause?: Pause;
  readonly #unknown = new UnknownEndpoints();
  /** When the forced renewals of the last minute began. */
  #forcedAt: Instant[] = [];
  /** The endpoint whose 401 has made the held token suspect. */
  #suspectedBy?: string;
  /** The last token that was refused although it was fetched because of a 401. */
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

  /** What other instances must know of a token that is fetched now because of a 401. */
  get cure(): Cure {
    const endpoint = this.#suspectedBy;
    const names = endpoint === undefined ? [] : [nameOf(endpoint)];
    const refusing = this.#endpoints.refusingNames;
    return {
      endpoints: [...new Set([...names, ...refusing])],
      pauseMs:
        this.#pause && this.leftMs > 0 ? this.#pause.lengthMs : this.nextMs,
    };
  }

  /**
   * The endpoint has refused a cure: a token that another instance fetched because of a 401. True when this instance, or the one
   * that fetched the cure, knows that the endpoint refuses cures. What the other instance knew counts only as long as its pause
   * may last. After that, the cure may have been revoked.
   */
  refusedCureOfOther(
    endpoint: string,
    { endpoints, pauseMs }: Cure,
    since: Instant,
  ): boolean {
    if (this.#endpoints.isRefusing(endpoint)) return true;
    if (!endpoints.includes(nameOf(endpoint))) return false;
    const pause = { since, lengthMs: pauseMs, isForAll: false };
    if (this.msSinceEnd(pause) < 0) return true;
    // This instance remembers the pause of the other one, so its own next pause is longer.
    const knownMs = this.#pause?.lengthMs ?? 0;
    if (this.leftMs === 0 && pauseMs >= knownMs) this.#pause = pause;
    return false;
  }

  /** A 401 of this endpoint has made the held token suspect. */
  suspectedBy(endpoint: string | undefined): void {
    this.#suspectedBy = endpoint;
  }

  /** A 401 of this endpoint asks for a renewal. True when the 401 may force one; then the renewal is counted. */
  tryToForce(endpoint: string | undefined): boolean {
    this.resetAfterQuietTime();
    if (this.leftMs > 0 && !this.mayForceInPause(endpoint)) return false;
    this.#forcedAt = this.#forcedAt.filter(
      (at) => elapsed(this.clock, at) < FORCED_WINDOW_MS,
    );
    if (this.#forcedAt.length >= FORCED_LIMIT) {
      this.begin(
        this.#pause ? this.nextMs : STORM_PAUSE_MS,
        true,
        'More than 20 renewals were forced within a minute; if other processes use this API secret, share one token through a store',
      );
      return false;
    }
    this.#forcedAt.push(this.clock.now());
    return true;
  }

  /**
   * The endpoint has refused a token that was fetched because of a 401. Each token counts once, however many calls are
   * refused. The pause is at least as long as the pause of the instance that fetched the token.
   */
  unhealed(token: string, endpoint: string, { pauseMs }: Cure): void {
    this.resetAfterQuietTime();
    const isCounted = this.#countedToken === token;
    this.#countedToken = token;
    this.#endpoints.unhealed(endpoint, token);
    if (isCounted) return;
    this.#endpoints.forgetAccepting();
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
    if (endpoint === this.#suspectedBy) this.#unknown.reset();
    this.accepted(endpoint);
  }

  /** The endpoint has accepted a token. */
  accepted(endpoint: string): void {
    this.resetAfterQuietTime();
    if (!this.#pause) return;
    this.#endpoints.accepted(endpoint);
    this.#unknown.accepted();
  }

  /** Whether {@link accepted} records anything. */
  get isWatching(): boolean {
    return this.#pause !== undefined;
  }

  /** Ends the pause, because a new token may be accepted where the old one was refused. */
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

  /** Each pause is longer than the one before, up to 60 s. After a quiet time the first length is used again. */
  private get nextMs(): number {
    if (!this.#pause) return FIRST_PAUSE_MS;
    const { lengthMs } = this.#pause;
    return Math.min(LONGEST_PAUSE_MS, Math.max(SECOND_PAUSE_MS, lengthMs * 2));
  }

  private mayForceInPause(endpoint: string | undefined): boolean {
    if (endpoint === undefined || this.#pause?.isForAll) return false;
    const isTrusted = this.#endpoints.isTrusted(endpoint);
    return isTrusted ?? this.#unknown.mayForce();
  }

  private msSinceEnd({ since, lengthMs }: Pause): number {
    return elapsed(this.clock, since) - lengthMs;
  }

  private resetAfterQuietTime(): void {
    const pause = this.#pause;
    if (!pause) return;
    const quietMs = Math.max(SECOND_PAUSE_MS, pause.lengthMs);
    if (this.msSinceEnd(pause) < quietMs) return;
    this.#pause = undefined;
    this.#endpoints.clear();
    this.#unknown.reset();
  }
}

const shift = (from: Instant, ms: number): Instant => ({
  monotonic: from.monotonic + ms,
  wall: from.wall + ms,
});
