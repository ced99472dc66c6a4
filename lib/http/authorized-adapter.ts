import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { SchedulerLike } from 'rxjs';
import { withoutProxy } from '../portone/own-connections.js';
import type { TokenService } from '../token/token.service.js';
import { AuthorizedCall } from './authorized-call.js';
import { nestAxios } from './nest-axios.js';
import type { TokenOrigins } from './token-origin.js';

/** Decides at the last moment, when URL, headers and body are final, whether a request gets our token. */
export class AuthorizedAdapter {
  constructor(
    private readonly tokens: TokenService,
    private readonly origins: TokenOrigins,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** An adapter around the one a request has chosen. */
  around(chosen: InternalAxiosRequestConfig['adapter']): AxiosAdapter {
    return (config) => {
      // Whoever sends this config again, perhaps on another instance, starts from the adapter that was chosen.
      config.adapter = chosen;
      if (!config.proxy && this.origins.isLoopback(config))
        Object.assign(config, withoutProxy(config));
      const adapter = nestAxios.getAdapter(chosen, config);
      return this.isOurs(config)
        ? new AuthorizedCall(
            this.tokens,
            this.scheduler,
            adapter,
            config,
          ).answer()
        : adapter(config);
    };
  }

  /** An allowed origin, and no credentials of the caller's own. */
  private isOurs(config: InternalAxiosRequestConfig): boolean {
    return (
      config.portoneAuth !== false &&
      !config.auth &&
      !config.headers.has('Authorization') &&
      this.origins.allows(config)
    );
  }
}
