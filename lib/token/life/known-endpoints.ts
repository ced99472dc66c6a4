import { createHash } from 'node:crypto';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';

/** At most this many endpoints are remembered. */
const MOST = 256;
/** At most this many odd endpoints are named to other instances. */
const MOST_NAMED = 8;
/** An endpoint that accepted tokens before gets another chance after this time. */
const DOUBT_MS = 1_000;
/** From this number of odd endpoints on, their kind is odd. */
const ODD_KIND = 2;

interface Doubt {
  readonly token: string;
  readonly since: Instant;
}

interface Known {
  readonly kind: string;
  readonly verdict: 'good' | 'odd' | Doubt;
}

/**
 * What is known of endpoints since the trouble began. One that has accepted a token is good. One that refuses a token which
 * was fetched because of a 401 is odd; a good one is doubted first, because that token may have been revoked as well. An
 * endpoint that was not called before is judged by those of its kind, because a path may have an id in it.
 */
export class KnownEndpoints {
  readonly #known = new Map<string, Known>();

  constructor(private readonly clock: Clock) {}

  /** Whether a 401 of the endpoint means that the token was revoked; undefined when nothing is known of it. */
  isTrusted(endpoint: string): boolean | undefined {
    const verdict = this.#known.get(endpoint)?.verdict;
    if (verdict === 'good' || verdict === 'odd') return verdict === 'good';
    if (verdict) return elapsed(this.clock, verdict.since) >= DOUBT_MS;
    const kind = kindOf(endpoint);
    const alike = [...this.#known.values()].filter((it) => it.kind === kind);
    const odd = alike.filter((it) => it.verdict === 'odd').length;
    const hasGood = alike.some((it) => it.verdict === 'good');
    if (hasGood) return odd === 0 ? true : undefined;
    return odd >= ODD_KIND ? false : undefined;
  }

  isOdd(endpoint: string): boolean {
    return this.#known.get(endpoint)?.verdict === 'odd';
  }

  accepted(endpoint: string): void {
    this.remember(endpoint, 'good');
  }

  /** The endpoint has refused a token that was fetched because of a 401. The same token counts once. */
  unhealed(endpoint: string, token: string): void {
    const verdict = this.#known.get(endpoint)?.verdict;
    if (typeof verdict === 'object' && verdict.token === token) return;
    const doubt = { token, since: this.clock.now() };
    this.remember(endpoint, verdict === 'good' ? doubt : 'odd');
  }

  /** After a refused replay, an endpoint that accepted an older token is unknown again: it may refuse the new one too. */
  forgetGood(): void {
    for (const [endpoint, { verdict }] of this.#known)
      if (verdict === 'good') this.#known.delete(endpoint);
  }

  clear(): void {
    this.#known.clear();
  }

  /** The odd endpoints that were seen last, by the hash of their kind, for other instances. */
  get oddNames(): string[] {
    const odd = [...this.#known].filter(([, it]) => it.verdict === 'odd');
    const names = odd.map(([endpoint]) => nameOf(endpoint));
    return [...new Set(names)].slice(-MOST_NAMED);
  }

  private remember(endpoint: string, verdict: Known['verdict']): void {
    this.#known.delete(endpoint);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MOST)
      this.#known.delete(oldest);
    this.#known.set(endpoint, { kind: kindOf(endpoint), verdict });
  }
}

/** A segment with anything but small letters and hyphens, or a very long one, is taken for an id. */
const kindOf = (endpoint: string): string =>
  endpoint.replace(/(?<![:/])\/(?![a-z-]{1,30}(?:\/|$))[^/]*/g, '/*');

/** A short hash of the endpoint's kind, because a path may name a customer. */
export const nameOf = (endpoint: string): string =>
  createHash('sha256')
    .update(kindOf(endpoint))
    .digest('base64url')
    .slice(0, 12);
