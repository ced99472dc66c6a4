import { elapsed, type Instant } from '../../time/clock.js';
import { within } from '../../time/within.js';
import type { ChainedToken } from '../life/held-token.js';
import type { TokenLife } from '../life/token-life.js';
import type { RenewalOptions } from './renewal-options.js';
import type { TokenChain } from './token-chain.js';

/** The store is read at most once in this time, and must answer within it. */
const READ_MS = 1_000;

/** Reads the store while PortOne must not be called: another instance may have a newer token. */
export class StoreReader {
  #readAt?: Instant;

  constructor(
    private readonly life: TokenLife,
    private readonly chain: TokenChain,
    private readonly options: RenewalOptions,
  ) {}

  /** Whether the store is shared and may be read again. */
  get isDue(): boolean {
    if (!this.chain.isShared) return false;
    const { clock } = this.options;
    return !this.#readAt || elapsed(clock, this.#readAt) >= READ_MS;
  }

  /** A newer token from the store; undefined when there is none, or the store does not answer in time. */
  async newer(apiSecret?: string): Promise<ChainedToken | undefined> {
    const { life, chain, options } = this;
    const { clock, scheduler } = options;
    this.#readAt = clock.now();
    const loaded = chain.newer(life.held?.token, apiSecret);
    const token = await within(loaded, READ_MS, scheduler).catch(
      () => undefined,
    );
    return token && life.isOfOther(token) ? undefined : token;
  }
}
