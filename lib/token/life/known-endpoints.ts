import { createHash } from 'node:crypto';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';

/** So many endpoints are remembered. */
const MOST = 256;
/** So many odd endpoints are named to other instances. */
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

  /** Whether a 401 of it means that the token was revoked. */
  isTrusted(endpoint: string): boolean {
    const verdict = this.#verdicts.get(endpoint);
    if (verdict === undefined || verdict === 'odd') return false;
    return verdict === 'good' || elapsed(this.clock, verdict.since) >= DOUBT_MS;
  }

  accepted(endpoint: string): void {
    this.remember(endpoint, 'good');
  }

  /** It has refused a token that was fetched because of a 401, and perhaps the same token several times. */
  unhealed(endpoint: string, token: string): void {
    const verdict = this.#verdicts.get(endpoint);
    if (typeof verdict === 'object' && verdict.token === token) return;
    const doubt = { token, since: this.clock.now() };
    this.remember(endpoint, verdict === 'good' ? doubt : 'odd');
  }

  /** What was good with an older token may refuse the new one for the same reason as another endpoint does. */
  forgetGood(): void {
    for (const [endpoint, verdict] of this.#verdicts)
      if (verdict === 'good') this.#verdicts.delete(endpoint);
  }

  clear(): void {
    this.#verdicts.clear();
  }

  /** The odd ones that were seen last, as other instances are told of them. */
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
