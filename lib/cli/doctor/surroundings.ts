import type { ProxySetting } from '../network/proxy-of.js';

/** What the network checks need to know. */
export interface Surroundings {
  readonly baseUrl: URL;
  /** The proxy the environment names for it. */
  readonly proxy: ProxySetting | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How long one check of the network may take. */
export const CHECK_MS = 5_000;

export const limit = (): AbortSignal => AbortSignal.timeout(CHECK_MS);
