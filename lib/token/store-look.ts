import type { SchedulerLike } from 'rxjs';
import { elapsed, type Clock, type Instant } from './clock.js';
import { Deadline } from './deadline.js';
import type { ChainedToken } from './held-token.js';
import type { TokenChain } from './token-chain.js';

/** The store is looked at once in so long, and its answer may take as long. */
const LOOK_MS = 1_000;

/** While PortOne may not be asked, the store is: another instance may have been luckier. */
export class StoreLook {
  #lookedAt?: Instant;

  constructor(
    private readonly chain: TokenChain,
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Whether there is a store to look at, and the last look is long enough ago. */
  get isDue(): boolean {
    const lookedAt = this.#lookedAt;
    if (!this.chain.isShared) return false;
    return !lookedAt || elapsed(this.clock, lookedAt) >= LOOK_MS;
  }

  /** What another instance has obtained since, with this secret or the last one; throws `reason` if there is nothing. */
  async newerOr(
    reason: unknown,
    held: ChainedToken | undefined,
    apiSecret?: string,
  ): Promise<ChainedToken> {
    const { chain, clock, scheduler } = this;
    this.#lookedAt = clock.now();
    const look = new Deadline(LOOK_MS, clock, scheduler, new AbortController());
    const token = await look
      .run(() => chain.newer(held, apiSecret))
      .catch(() => undefined);
    if (!token) throw reason;
    return token;
  }
}
