import type { Clock, Instant } from '../../../lib/time/clock.js';
import { elapsed } from './elapsed.js';

const REJECTED_MS = 60_000;
const ASK_MS = 1_000;
const INITIAL_MS = 1_000;
const MAX_MS = 60_000;
const LONGEST_MS = 300_000;
/** When a life began is known to the second. */
const LIFE_PRECISION_MS = 1_000;

/** After a failure, the wait that was announced; a rejected secret is asked for once a second and tried once a minute. */
export class BackoffRule {
  #failure?: {
    readonly at: Instant;
    readonly waitMs: number;
  };
  #rejectedAt?: Instant;
  #askedAt?: Instant;
  #failuresWithoutToken = 0;
  #askedToWaitMs = 0;
  readonly #rejected = new Map<string, Instant>();

  constructor(
    private readonly clock: Clock,
    private readonly random: number,
    private readonly broken: (rule: string) => void,
  ) {}

  /** Whether the last renewal failed: the next one is a further attempt. */
  get isOn(): boolean {
    return this.#failure !== undefined || this.#rejectedAt !== undefined;
  }

  renewalBegins(): void {
    if (this.#failure && this.#since(this.#failure.at) < this.#failure.waitMs)
      this.broken('a renewal within the backoff');
    const isRejected =
      this.#rejectedAt && this.#since(this.#rejectedAt) < REJECTED_MS;
    if (isRejected && this.#askedAt && this.#since(this.#askedAt) < ASK_MS)
      this.broken('a rejected secret asked for twice within a second');
    this.#askedAt = this.clock.now();
  }

  loginBegins(secret: string): void {
    const at = this.#rejected.get(secret);
    if (at && this.#since(at) < REJECTED_MS)
      this.broken('a rejected secret tried again within a minute');
  }

  /** PortOne said so, in a `Retry-After`. */
  askedToWait(ms: number): void {
    this.#askedToWaitMs = ms;
  }

  /** @param diesInMs the life that is left of the held token: the wait may end with it */
  failed(waitMs: number, diesInMs: number): void {
    const leastMs = this.#askedToWaitMs;
    this.#failure = { at: this.clock.now(), waitMs };
    this.#rejectedAt = undefined;
    const isAlive = diesInMs > 0;
    this.#failuresWithoutToken = isAlive ? 0 : this.#failuresWithoutToken + 1;
    // With a living token the wait ends with its life; the first failure after that may begin anew.
    const n = Math.max(0, this.#failuresWithoutToken - 1);
    const ceiling = Math.min(MAX_MS, INITIAL_MS * 2 ** n);
    const least = INITIAL_MS + this.random * (ceiling - INITIAL_MS);
    const due = Math.max(
      isAlive ? Math.min(least, diesInMs - LIFE_PRECISION_MS) : least,
      leastMs,
    );
    this.#askedToWaitMs = 0;
    // A thousandth for rounding.
    if (waitMs < due - 0.001 || waitMs > LONGEST_MS)
      this.broken(`a backoff of ${waitMs} ms, at least ${due} are due`);
  }

  rejected(secret: string): void {
    this.#failure = undefined;
    this.#rejectedAt = this.clock.now();
    this.#rejected.set(secret, this.#rejectedAt);
  }

  succeeded(): void {
    this.#failure = undefined;
    this.#rejectedAt = undefined;
    this.#failuresWithoutToken = 0;
    this.#rejected.clear();
  }

  #since(at: Instant): number {
    return elapsed(this.clock, at);
  }
}
