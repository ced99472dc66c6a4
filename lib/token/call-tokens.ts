import type { HeldToken } from './life/held-token.js';
import type { TokenLife } from './life/token-life.js';
import type { Renewal } from './renewal/renewal.js';
import type { TokenReporter } from './report/token-reporter.js';
import type { CallCounters } from './report/token-snapshot.js';

/** Waits for a token until the signal is aborted. */
export type GetToken = (signal?: AbortSignal) => Promise<HeldToken>;

/**
 * The token as calls of the API use it: what they report of it, and the token to replay a refused call with. An `endpoint` is
 * what a 401 is remembered for: the method, and the URL without its query.
 */
export class CallTokens {
  readonly #life: TokenLife;
  readonly #renewal: Renewal;
  readonly #reporter: TokenReporter;
  readonly #counters = { attached: 0, refused: 0, healed: 0, unhealed: 0 };

  constructor(life: TokenLife, renewal: Renewal, reporter: TokenReporter) {
    this.#life = life;
    this.#renewal = renewal;
    this.#reporter = reporter;
  }

  get counters(): CallCounters {
    return { ...this.#counters };
  }

  /** A call is sent with our token. */
  attached(): void {
    this.#counters.attached += 1;
  }

  /** The first attempt of a call was accepted. Recorded only after a refused replay; otherwise this is one check. */
  accepted(endpoint: () => string): void {
    this.#life.accepted(endpoint);
  }

  /** Gets the token to replay a refused call with, at once or by a renewal; undefined when no renewal may be forced. */
  replacementFor(refused: string, endpoint: string): GetToken | undefined {
    this.#counters.refused += 1;
    const current = this.#renewal.current();
    if (current && current.accessToken !== refused) return async () => current;
    return this.#life.refused(refused, endpoint)
      ? (signal) => this.#renewal.join(signal)
      : undefined;
  }

  /**
   * For a 401 that may not force a renewal: a newer token from the store, which is read once a second at most. Undefined
   * leaves the 401 as the answer.
   */
  newerElsewhere(signal?: AbortSignal): Promise<HeldToken | undefined> {
    return this.#renewal.look(signal);
  }

  /** A call that is not replayed was refused: the token is renewed for the next call. */
  notReplayed(refused: string, endpoint: string): void {
    this.#counters.refused += 1;
    if (this.#life.refusedUnheard(refused, endpoint)) this.#renewal.nudge();
  }

  /** The endpoint has accepted a replay. */
  healed(token: HeldToken, endpoint: string): void {
    this.#counters.healed += 1;
    this.#reporter.replayed(token, 'healed');
    this.#life.healed(endpoint);
  }

  /** The endpoint has refused a replay as well. True when another replay would not help. */
  unhealed(token: HeldToken, endpoint: string): boolean {
    this.#counters.unhealed += 1;
    this.#reporter.replayed(token, 'unhealed');
    return this.#life.unhealed(token, endpoint);
  }
}
