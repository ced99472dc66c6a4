import { createHash } from 'node:crypto';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';

/** At most this many endpoints are remembered. */
const MAX_ENDPOINTS = 256;
/** At most this many refusing endpoints are named to other instances. */
const MAX_NAMES = 8;
/** An endpoint that has accepted tokens and then refuses one is trusted again after this time. */
const DOUBT_MS = 1_000;
/** When this many endpoints of one kind refuse, unknown endpoints of that kind are expected to refuse as well. */
const REFUSING_OF_A_KIND = 2;

/** The endpoint has accepted tokens before and has now refused this one. */
interface Doubt {
  readonly token: string;
  readonly since: Instant;
}

interface Known {
  readonly kind: string;
  readonly verdict: 'accepts' | 'refuses' | Doubt;
}

/**
 * Remembers, after a refused replay, which endpoints accept our tokens and which refuse even a token that was fetched because
 * of a 401. An endpoint that has accepted a token is doubted first, because the refused token may have been revoked as well.
 * An unknown endpoint is judged by the other endpoints of its kind, because its path may contain an id.
 */
export class KnownEndpoints {
  readonly #known = new Map<string, Known>();

  constructor(private readonly clock: Clock) {}

  /** Whether a 401 of the endpoint means that the token was revoked; undefined when nothing is known of it. */
  isTrusted(endpoint: string): boolean | undefined {
    const verdict = this.#known.get(endpoint)?.verdict;
    if (verdict === 'accepts' || verdict === 'refuses')
      return verdict === 'accepts';
    if (verdict) return elapsed(this.clock, verdict.since) >= DOUBT_MS;
    const kind = kindOf(endpoint);
    const alike = [...this.#known.values()].filter(
      (known) => known.kind === kind,
    );
    const refusing = alike.filter(
      (known) => known.verdict === 'refuses',
    ).length;
    const isAnyAccepting = alike.some((known) => known.verdict === 'accepts');
    if (isAnyAccepting) return refusing === 0 ? true : undefined;
    return refusing >= REFUSING_OF_A_KIND ? false : undefined;
  }

  /** Whether the endpoint is known to refuse tokens that were fetched because of a 401. */
  isRefusing(endpoint: string): boolean {
    return this.#known.get(endpoint)?.verdict === 'refuses';
  }

  accepted(endpoint: string): void {
    this.remember(endpoint, 'accepts');
  }

  /** The endpoint has refused a token that was fetched because of a 401. Each token counts once. */
  unhealed(endpoint: string, token: string): void {
    const verdict = this.#known.get(endpoint)?.verdict;
    if (typeof verdict === 'object' && verdict.token === token) return;
    const doubt = { token, since: this.clock.now() };
    this.remember(endpoint, verdict === 'accepts' ? doubt : 'refuses');
  }

  /** After a refused replay, an endpoint that has accepted an older token is unknown again: it may refuse the new token. */
  forgetAccepting(): void {
    for (const [endpoint, { verdict }] of this.#known)
      if (verdict === 'accepts') this.#known.delete(endpoint);
  }

  clear(): void {
    this.#known.clear();
  }

  /** The refusing endpoints that were seen last, as hashes of their kinds, for other instances. */
  get refusingNames(): string[] {
    const names = [...this.#known]
      .filter(([, { verdict }]) => verdict === 'refuses')
      .map(([endpoint]) => nameOf(endpoint));
    return [...new Set(names)].slice(-MAX_NAMES);
  }

  private remember(endpoint: string, verdict: Known['verdict']): void {
    this.#known.delete(endpoint);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MAX_ENDPOINTS)
      this.#known.delete(oldest);
    this.#known.set(endpoint, { kind: kindOf(endpoint), verdict });
  }
}

/** The endpoint with `*` for each segment that looks like an id: a very long one, or one with other characters than small letters and hyphens. */
const kindOf = (endpoint: string): string =>
  endpoint.replace(/(?<![:/])\/(?![a-z-]{1,30}(?:\/|$))[^/]*/g, '/*');

/** A short hash of the endpoint's kind, because a path may name a customer. */
export const nameOf = (endpoint: string): string =>
  createHash('sha256')
    .update(kindOf(endpoint))
    .digest('base64url')
    .slice(0, 12);
