import type { AuthModuleOptions } from '../../lib/index.js';
import { openShop, type Shop } from './shop.js';
import { turn, until } from './virtual-time.js';

const SECRET = 'the-secret';

/** The two renewals that a call can wait for. */
export const WAITS = [
  'for the first token',
  'for the renewal after a 401',
] as const;

/** How a call ended. Empty until it has ended. */
export interface End<Failure = unknown> {
  status?: number;
  error?: Failure;
}

/** A shop whose renewal waits for its secret, until the test calls `release`. */
export interface HeldRenewal {
  readonly shop: Shop;
  release(): void;
  /** Starts a call. Resolves when the call waits for the renewal. */
  waiting<Failure = unknown>(
    call: () => Promise<{ status: number }>,
  ): Promise<End<Failure>>;
}

/** Observes a call, so that its rejection is handled. */
export function watch<Failure = unknown>(
  call: Promise<{ status: number }>,
): End<Failure> {
  const end: End<Failure> = {};
  call.then(
    ({ status }) => (end.status = status),
    (error: unknown) => (end.error = error as Failure),
  );
  return end;
}

/** Opens a shop and holds its next renewal back. */
export async function holdRenewal(
  when: (typeof WAITS)[number],
  options: Partial<AuthModuleOptions> = {},
): Promise<HeldRenewal> {
  const isFirst = when === 'for the first token';
  let isHeld = isFirst;
  let giveSecret: (() => void) | undefined;
  const shop = await openShop({
    emulator: { apiSecret: SECRET },
    options: {
      eager: false,
      renewal: { strategy: 'login' },
      apiSecret: () =>
        isHeld
          ? new Promise((resolve) => {
              giveSecret = () => resolve(SECRET);
            })
          : SECRET,
      ...options,
    },
  });
  if (!isFirst) {
    await shop.tokens.getAccessToken();
    shop.portone.revokeAccessTokens();
    isHeld = true;
  }
  const { calls } = shop.portone;
  return {
    shop,
    release: () => {
      isHeld = false;
      giveSecret?.();
    },
    waiting: async <Failure>(call: () => Promise<{ status: number }>) => {
      const before = calls.unauthorized;
      const end = watch<Failure>(call());
      await until(
        () =>
          (isFirst || calls.unauthorized > before) && giveSecret !== undefined,
      );
      await turn();
      return end;
    },
  };
}
