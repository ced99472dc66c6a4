import type { ProxySetting } from '../network/proxy-of.js';

/** What the checks of the network start from. */
export interface NetworkSetup {
  readonly baseUrl: URL;
  /** The proxy that the environment names for `baseUrl`. */
  readonly proxy: ProxySetting | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How long one check of the network may take. */
export const CHECK_MS = 5_000;

export const limit = (): AbortSignal => AbortSignal.timeout(CHECK_MS);
