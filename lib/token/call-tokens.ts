import type { HeldToken } from './life/held-token.js';
import type { TokenLife } from './life/token-life.js';
import type { Renewal } from './renewal/renewal.js';
import type { TokenReporter } from './report/token-reporter.js';
import type { CallCounters } from './report/token-snapshot.js';

/** Waits for a token until the signal is aborted. */
export type GetToken = (signal?: AbortSignal) => Promise<HeldToken>;

/**
 * What calls of the API report about our token, and the token to replay a refused call with. 401s are remembered by
 * `endpoint`: the method, and the URL without its query.
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

  /** A call is being sent with our token. */
  attached(): void {
    this.#counters.attached += 1;
  }

  /** The first attempt of a call was accepted. Recorded only after a refused replay. */
  accepted(endpoint: () => string): void {
    this.#life.accepted(endpoint);
  }

  /** How the replay of a refused call gets its token; undefined when the 401 may not force a renewal. */
  replacementFor(refused: string, endpoint: string): GetToken | undefined {
    this.#counters.refused += 1;
    const current = this.#renewal.current();
    if (current && current.accessToken !== refused) return async () => current;
    return this.#life.refused(refused, endpoint)
      ? (signal) => this.#renewal.join(signal)
      : undefined;
  }

  /** For a 401 that may not force a renewal: a newer token from the store, which is read at most once a second. */
  newerFromStore(signal?: AbortSignal): Promise<HeldToken | undefined> {
    return this.#renewal.readStore(signal);
  }

  /** A call was refused and is not replayed. The token is renewed for later calls. */
  notReplayed(refused: string, endpoint: string): void {
    this.#counters.refused += 1;
    if (this.#life.refusedWithoutReplay(refused, endpoint))
      this.#renewal.renewInBackground();
  }

  /** The endpoint has accepted a replay. */
  healed(token: HeldToken, endpoint: string): void {
    this.#counters.healed += 1;
    this.#reporter.replayed(token, 'healed');
    this.#life.healed(endpoint);
  }

  /** The endpoint has refused the replay too. True when another replay would not help. */
  unhealed(token: HeldToken, endpoint: string): boolean {
    this.#counters.unhealed += 1;
    this.#reporter.replayed(token, 'unhealed');
    return this.#life.unhealed(token, endpoint);
  }
}
