import { errors } from 'jose';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';
import { KeySetFailure } from './fetch-key-set.js';
import {
  chooseKey,
  type KeySource,
  type PublicKey,
  type VerificationKey,
} from './key-set.js';

const COOLDOWN_MS = 30_000;
const STALE_AFTER_MS = 600_000;
const END_AFTER_MS = 3_600_000;

/** Called once when fetches from a JWKS endpoint begin to fail, and once when they work again. */
export interface KeySetReport {
  failing(cause: string): void;
  recovered(): void;
}

/**
 * Keys from a JWKS endpoint. They are fetched when first needed, when a `kid` is unknown and, in the background, when they are
 * ten minutes old. At most one fetch in 30 s, whether it succeeds or not. While fetches fail, keys are used until they are an
 * hour old. So a key that was removed from the JWKS is rejected after an hour at the latest, even while the endpoint fails.
 */
export class RemoteKeys {
  private known?: { readonly keys: readonly VerificationKey[]; at: Instant };
  private lastFetch?: { readonly at: Instant; readonly failed: boolean };
  private inFlight?: Promise<void>;

  constructor(
    private readonly fetchKeys: () => Promise<readonly VerificationKey[]>,
    private readonly clock: Clock,
    private readonly report: KeySetReport,
  ) {}

  /** Throws or rejects with PORTONE_KEYS_UNAVAILABLE when the key may exist but cannot be fetched. */
  readonly find: KeySource = (kid) => {
    const ageMs = this.ageMs();
    if (!this.known || ageMs > END_AFTER_MS) return this.fetchAndFind(kid);
    if (ageMs > STALE_AFTER_MS) void this.refresh();
    try {
      return chooseKey(this.known.keys, kid);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey)
        return this.fetchAndFind(kid);
      throw error;
    }
  };

  private async fetchAndFind(kid: unknown): Promise<PublicKey> {
    await this.refresh();
    if (!this.known || this.lastFetch?.failed || this.ageMs() > END_AFTER_MS) {
      throw this.unavailable();
    }
    return chooseKey(this.known.keys, kid);
  }

  /** How old the keys are; Infinity while there are none. */
  private ageMs(): number {
    return this.known ? elapsed(this.clock, this.known.at) : Infinity;
  }

  /** Never rejects; `lastFetch` says whether it failed. */
  private async refresh(): Promise<void> {
    if (this.inFlight) return this.inFlight;
    if (this.cooldownLeftMs() > 0) return;
    this.inFlight = this.fetchOnce();
    await this.inFlight;
  }

  private async fetchOnce(): Promise<void> {
    const failedBefore = this.lastFetch?.failed ?? false;
    let failed = false;
    try {
      const keys = await this.fetchKeys();
      this.known = { keys, at: this.clock.now() };
      if (failedBefore) this.report.recovered();
    } catch (error) {
      failed = true;
      if (!failedBefore) this.report.failing(causeOf(error));
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

/** An unexpected error may hold anything, so only its name is reported. */
const causeOf = (error: unknown): string =>
  error instanceof KeySetFailure
    ? error.message
    : `unexpected ${error instanceof Error ? error.name : typeof error}`;
