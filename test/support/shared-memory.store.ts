import { MemoryTokenStore } from '../../lib/store/memory-token.store.js';
import {
  TokenStore,
  type RenewRecord,
  type TokenRecord,
} from '../../lib/store/token-store.js';
import type { VirtualTime } from './virtual-time.js';

/** A store in memory, in virtual time, that several apps of one process share as a fleet shares Redis. */
export class SharedMemoryStore extends TokenStore {
  private readonly memory: MemoryTokenStore;

  constructor(time: VirtualTime) {
    super();
    this.memory = new MemoryTokenStore(time.clock);
  }

  override load(key: string): Promise<TokenRecord | undefined> {
    return this.memory.load(key);
  }

  override update(
    key: string,
    seen: number,
    renew: RenewRecord,
  ): Promise<TokenRecord> {
    return this.memory.update(key, seen, renew);
  }
}
