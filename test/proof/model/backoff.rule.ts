import type { Clock, Instant } from '../../../lib/time/clock.js';
import { elapsed } from './elapsed.js';

const REJECTED_MS = 60_000;
const ASK_MS = 1_000;

/**
 * After a failure no renewal begins before the announced wait is over. A rejected secret is asked for at most once a second
 * and sent at most once a minute. The length of the waits is checked by the properties of `TokenLife`.
 */
export class BackoffRule {
  #failure?: {
    readonly at: Instant;
    readonly waitMs: number;
  };
  #rejectedAt?: Instant;
  #askedAt?: Instant;
  readonly #rejected = new Map<string, Instant>();

  constructor(
    private readonly clock: Clock,
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

  failed(waitMs: number): void {
    this.#failure = { at: this.clock.now(), waitMs };
    this.#rejectedAt = undefined;
  }

  rejected(secret: string): void {
    this.#failure = undefined;
    this.#rejectedAt = this.clock.now();
    this.#rejected.set(secret, this.#rejectedAt);
  }

  succeeded(): void {
    this.#failure = undefined;
    this.#rejectedAt = undefined;
    this.#rejected.clear();
  }

  #since(at: Instant): number {
    return elapsed(this.clock, at);
  }
}
