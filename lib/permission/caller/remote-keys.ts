import { errors, type JSONWebKeySet } from 'jose';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { type KeySource, localKeys } from './key-source.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';

const COOLDOWN_MS = 30_000;
const STALE_AFTER_MS = 600_000;

/**
 * Keys from a JWKS endpoint: fetched when first needed, when a `kid` is unknown and, behind the caller, when they are ten
 * minutes old. One fetch at a time and at most one in 30 s, whether it succeeded or not; until one succeeds again, the
 * keys that are known go on serving.
 */
export class RemoteKeys {
  private known?: KeySource;
  private knownSince?: Instant;
  private lastFetch?: { readonly at: Instant; readonly failed: boolean };
  private inFlight?: Promise<void>;

  constructor(
    private readonly fetchKeys: () => Promise<JSONWebKeySet>,
    private readonly clock: Clock,
  ) {}

  /** Throws PORTONE_KEYS_UNAVAILABLE when the key may exist but cannot be had. */
  readonly find: KeySource = async (header) => {
    if (!this.known) await this.refresh();
    else if (this.isStale()) void this.refresh();
    try {
      return await this.among(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.refresh();
    if (this.lastFetch?.failed) throw this.unavailable();
    return this.among(header);
  };

  private among(header: Parameters<KeySource>[0]): ReturnType<KeySource> {
    if (!this.known) throw this.unavailable();
    return this.known(header);
  }

  private isStale(): boolean {
    return (
      this.knownSince !== undefined &&
      elapsed(this.clock, this.knownSince) > STALE_AFTER_MS
    );
  }

  /** Never rejects; how it went is in `lastFetch`. */
  private async refresh(): Promise<void> {
    if (this.inFlight) return this.inFlight;
    if (this.cooldownLeftMs() > 0) return;
    this.inFlight = this.fetchOnce();
    await this.inFlight;
  }

  private async fetchOnce(): Promise<void> {
    let failed = false;
    try {
      this.known = localKeys(await this.fetchKeys());
      this.knownSince = this.clock.now();
    } catch {
      failed = true;
    }
    this.lastFetch = { at: this.clock.now(), failed };
    this.inFlight = undefined;
  }

  private cooldownLeftMs(): number {
    return this.lastFetch
      ? COOLDOWN_MS - elapsed(this.clock, this.lastFetch.at)
      : 0;
  }

  private unavailable(): PermissionDeniedException {
    return new PermissionDeniedException('PORTONE_KEYS_UNAVAILABLE', {
      reason: 'the JWKS could not be fetched',
      retryAfterMs: this.cooldownLeftMs(),
    });
  }
}
