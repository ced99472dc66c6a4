import { Axios, type AxiosRequestConfig } from 'axios';
import { allowedOriginsOf, mayCarryToken } from '../call/allowed-origins.js';
import { isLoopback } from '../portone/loopback.js';

/** A path whose first segment no URL parser reads as a scheme or a host. */
const PLAIN_PATH = /^\/?([\w.~%-]+([/?#]|$)|[?#]|$)/;

/** Decides whether a request may carry the token: only if the URL it will finally be sent to has an allowed origin. */
export class TokenOrigins {
  private readonly origins: ReadonlySet<string>;

  private readonly hasLoopback: boolean;
  private readonly isBaseLoopback: boolean;

  constructor(
    private readonly baseURL: string,
    allowedOrigins: readonly string[],
  ) {
    this.origins = allowedOriginsOf(baseURL, allowedOrigins);
    this.isBaseLoopback = isLoopback(new URL(baseURL));
    this.hasLoopback = [...this.origins].some((origin) =>
      isLoopback(new URL(origin)),
    );
  }

  allows(config: AxiosRequestConfig): boolean {
    if (config.socketPath) return false;
    if (this.isPlainPath(config)) return true;
    const target = finalUrl(config);
    return (
      target !== undefined &&
      mayCarryToken(target, this.origins) &&
      !this.leadsAway(config)
    );
  }

  /** Whether a request goes to an allowed origin on this machine. Then no proxy of the environment may get it. */
  isLoopback(config: AxiosRequestConfig): boolean {
    if (!this.hasLoopback) return false;
    if (this.isPlainPath(config)) return this.isBaseLoopback;
    const target = finalUrl(config);
    return target !== undefined && isLoopback(target) && this.allows(config);
  }

  /** Such a URL need not be parsed: with our own `baseURL`, a plain path goes to the origin of `baseURL`. */
  private isPlainPath({ baseURL, url = '' }: AxiosRequestConfig): boolean {
    return baseURL === this.baseURL && PLAIN_PATH.test(url);
  }

  /** axios reads `\\host` and `ht\ntp://host` as paths. An adapter that resolves URLs as browsers do would call that host. */
  private leadsAway({ url = '', baseURL }: AxiosRequestConfig): boolean {
    const base = baseURL || undefined;
    if (!URL.canParse(url, base)) return false;
    const { origin } = new URL(url, base);
    return origin !== 'null' && !this.origins.has(origin);
  }
}

/** Not the global instance: any code may change its defaults. */
const rules = new Axios({});

/** Where axios will send a request, by its own rules and apart from `params`; undefined for a URL that axios does not accept. */
export function finalUrl({
  url,
  baseURL,
  allowAbsoluteUrls,
}: AxiosRequestConfig): URL | undefined {
  try {
    return new URL(rules.getUri({ url, baseURL, allowAbsoluteUrls }));
  } catch {
    return undefined;
  }
}
