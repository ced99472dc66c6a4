import type { InternalAxiosRequestConfig } from 'axios';

/** What axios takes for an absolute URL; the same test, so that both judge alike. */
const ABSOLUTE_URL = /^([a-z][a-z\d+\-.]*:)?\/\//i;

/** Decides whether a request may carry the token: only if the URL it will finally be sent to has an allowed origin. */
export class TokenOrigins {
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly baseURL: string,
    allowedOrigins: readonly string[],
  ) {
    this.origins = new Set(
      [baseURL, ...allowedOrigins].map((url) => new URL(url).origin),
    );
  }

  allows(config: InternalAxiosRequestConfig): boolean {
    const { url = '', baseURL } = config;
    if (typeof url !== 'string' || config.socketPath) return false;
    const isAbsolute = ABSOLUTE_URL.test(url);
    // Behind our own base every relative URL is a path: its origin is known without parsing.
    if (baseURL === this.baseURL && !isAbsolute) return true;
    const joined =
      baseURL && (!isAbsolute || config.allowAbsoluteUrls === false)
        ? `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`
        : url;
    const target = parse(joined);
    return (
      target !== undefined &&
      target.username === '' &&
      target.password === '' &&
      this.origins.has(target.origin)
    );
  }
}

/** `URL.parse` needs Node 22. */
function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
