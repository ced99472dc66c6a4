import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import type { TokenService } from '../../../lib/index.js';
import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { MemoryTokenStore } from '../../../lib/store/memory-token.store.js';
import type { TokenStore } from '../../../lib/store/token-store.js';
import { LogBook } from '../../support/log-book.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import { openEmulator, openShop, type Shop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';
import type { Cell } from './cell.js';
import { credentialsIn } from './credentials.js';
import { isTokenFault, quoting } from './faults.js';

const STALE_MS = 1_500_000;
const EXPIRED_MS = 3_600_000;

/** One instance or two, with their tokens, just before the fault happens. */
export interface Stage {
  readonly portone: PortOneEmulator;
  readonly time: VirtualTime;
  readonly tokens: TokenService;
  readonly shop: Shop;
  readonly log: LogBook;
  readonly store: TokenStore;
  /** Everything that a user could log. */
  readonly seen: unknown[];
  /** From now on the fault happens. */
  breakIt(): void;
  /** Makes an ordinary API call of the watched instance. */
  ask(config?: AxiosRequestConfig): Promise<AxiosResponse>;
  /** How many token calls the other instance makes until it has the same token as the watched one. */
  othersCalls(): Promise<number>;
}

export async function openStage(cell: Cell): Promise<Stage> {
  const { endpoint, holding, company, fault } = cell;
  const time = new VirtualTime();
  // PortOne's clock follows the wall clock of the host, so a change of that clock means that the host slept.
  const clock = { now: () => time.clock.now().wall };
  const portone = await openEmulator({ clock });
  const store =
    company === 'fleet'
      ? new SharedMemoryStore(time)
      : new MemoryTokenStore(time.clock);
  const log = new LogBook();
  const seen: unknown[] = [];
  const eager = holding !== 'none';
  const shop = await openShop({
    portone,
    time,
    logger: log,
    options: { eager, store },
  });
  const other = await otherInstance(cell, { portone, time, store, log });
  for (const { tokens } of other ? [shop, other] : [shop])
    tokens.events$.subscribe((event) => seen.push(event));

  const { tokens, http } = shop;
  // The host sleeps: no timer fires, but the token gets older.
  const isStale = holding === 'usable' && endpoint !== 'api';
  if (holding === 'expired') time.skewWallClock(EXPIRED_MS);
  else if (isStale) time.skewWallClock(STALE_MS);
  const quoted = await credentialsIn(store, portone);
  portone.resetCalls();
  return {
    portone,
    time,
    tokens,
    shop,
    log,
    store,
    seen,
    breakIt() {
      // The answer to an API call belongs to the caller, so it may hold anything.
      const broken =
        endpoint === 'api' ? fault.fault : quoting(fault.fault, quoted);
      // An instance that has a token logs in only when its refresh token is rejected.
      if (endpoint === 'login') portone.revokeRefreshTokens();
      if (endpoint !== 'api') portone.fail(endpoint, broken, fault.options);
      else if (!isTokenFault(broken))
        portone.fail('api', broken, fault.options);
    },
    ask: (config) => http.axiosRef.get('/payments/payment-1', config),
    async othersCalls() {
      if (!other) return 0;
      const before = portone.calls.tokens;
      const mine = await other.tokens.getAccessToken();
      if (mine !== tokens.peekAccessToken()) await other.tokens.renew();
      if (other.tokens.peekAccessToken() !== tokens.peekAccessToken())
        throw new Error('the instances do not share their token');
      return portone.calls.tokens - before;
    },
  };
}

/** An instance without background renewal that holds the same token as the watched one. */
async function otherInstance(
  { company, holding }: Cell,
  surroundings: Pick<Stage, 'portone' | 'time' | 'store' | 'log'>,
): Promise<Shop | undefined> {
  if (company === 'alone') return undefined;
  const { store, log, ...rest } = surroundings;
  const other = await openShop({
    ...rest,
    logger: log,
    options: { store, eager: false, renewal: { background: false } },
  });
  if (holding !== 'none') await other.tokens.getAccessToken();
  return other;
}
