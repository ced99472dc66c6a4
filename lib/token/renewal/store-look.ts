import { elapsed, type Instant } from '../../time/clock.js';
import { within } from '../../time/within.js';
import type { ChainedToken } from '../life/held-token.js';
import type { TokenLife } from '../life/token-life.js';
import type { RenewalOptions } from './renewal-options.js';
import type { TokenChain } from './token-chain.js';

/** The store is read at most this often, and has as long to answer. */
const LOOK_MS = 1_000;

/** Reads the store while PortOne may not be asked: another instance may have a newer token. */
export class StoreLook {
  #lookedAt?: Instant;

  constructor(
    private readonly life: TokenLife,
    private readonly chain: TokenChain,
    private readonly options: RenewalOptions,
  ) {}

  /** Whether there is a shared store, and it may be read again. */
  get isDue(): boolean {
    if (!this.chain.isShared) return false;
    const { clock } = this.options;
    return !this.#lookedAt || elapsed(clock, this.#lookedAt) >= LOOK_MS;
  }

  /** A newer token from the store; undefined when there is none, or the store does not answer in time. */
  async newer(apiSecret?: string): Promise<ChainedToken | undefined> {
    const { life, chain, options } = this;
    const { clock, scheduler } = options;
    this.#lookedAt = clock.now();
    const loaded = chain.newer(life.held?.token, apiSecret);
    const token = await within(loaded, LOOK_MS, scheduler).catch(
      () => undefined,
    );
    return token && life.isOfOther(token) ? undefined : token;
  }
}
