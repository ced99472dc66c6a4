import { createHash } from 'node:crypto';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';

/** At most this many endpoints are remembered. */
const MOST = 256;
/** At most this many odd endpoints are named to other instances. */
const MOST_NAMED = 8;
/** An endpoint that accepted tokens before gets another chance after this time. */
const DOUBT_MS = 1_000;

interface Doubt {
  readonly token: string;
  readonly since: Instant;
}

type Verdict = 'good' | 'odd' | Doubt;

/**
 * What is known of endpoints since the trouble began. One that has accepted a token is good. One that refuses a token which
 * was fetched because of a 401 is odd; a good one is doubted first, because that token may have been revoked as well.
 */
export class KnownEndpoints {
  readonly #verdicts = new Map<string, Verdict>();

  constructor(private readonly clock: Clock) {}

  isKnown(endpoint: string): boolean {
    return this.#verdicts.has(endpoint);
  }

  isOdd(endpoint: string): boolean {
    return this.#verdicts.get(endpoint) === 'odd';
  }

  /** Whether a 401 of the endpoint means that the token was revoked. */
  isTrusted(endpoint: string): boolean {
    const verdict = this.#verdicts.get(endpoint);
    if (verdict === undefined || verdict === 'odd') return false;
    return verdict === 'good' || elapsed(this.clock, verdict.since) >= DOUBT_MS;
  }

  accepted(endpoint: string): void {
    this.remember(endpoint, 'good');
  }

  /** The endpoint has refused a token that was fetched because of a 401. The same token counts once. */
  unhealed(endpoint: string, token: string): void {
    const verdict = this.#verdicts.get(endpoint);
    if (typeof verdict === 'object' && verdict.token === token) return;
    const doubt = { token, since: this.clock.now() };
    this.remember(endpoint, verdict === 'good' ? doubt : 'odd');
  }

  /** After a refused replay, an endpoint that accepted an older token is unknown again: it may refuse the new one too. */
  forgetGood(): void {
    for (const [endpoint, verdict] of this.#verdicts)
      if (verdict === 'good') this.#verdicts.delete(endpoint);
  }

  clear(): void {
    this.#verdicts.clear();
  }

  /** The odd endpoints that were seen last, by hash, for other instances. */
  get oddNames(): string[] {
    return [...this.#verdicts]
      .filter(([, verdict]) => verdict === 'odd')
      .slice(-MOST_NAMED)
      .map(([endpoint]) => nameOf(endpoint));
  }

  private remember(endpoint: string, verdict: Verdict): void {
    this.#verdicts.delete(endpoint);
    const [oldest] = this.#verdicts.keys();
    if (oldest !== undefined && this.#verdicts.size >= MOST)
      this.#verdicts.delete(oldest);
    this.#verdicts.set(endpoint, verdict);
  }
}

/** A short hash, because a path may name a customer. */
export const nameOf = (endpoint: string): string =>
  createHash('sha256').update(endpoint).digest('base64url').slice(0, 12);
