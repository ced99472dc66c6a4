import type { InternalAxiosRequestConfig } from 'axios';
import { forgetAuthorization } from './forget-authorization.js';

/** Lets no redirect carry the token on, not even to its own origin, and remembers that there was one. */
export class RedirectWatch {
  private readonly given: InternalAxiosRequestConfig['beforeRedirect'];
  private hasRedirected = false;

  constructor(private readonly config: InternalAxiosRequestConfig) {
    const given = config.beforeRedirect;
    this.given = given;
    config.beforeRedirect = (options, response, request) => {
      this.hasRedirected = true;
      forgetAuthorization(options['headers']);
      forgetAuthorization(request?.headers);
      given?.(options, response, request);
    };
  }

  /** Gives the config its own hook back; whether the answer came from somewhere else than the request went to. */
  end(): boolean {
    if (this.given) this.config.beforeRedirect = this.given;
    else delete this.config.beforeRedirect;
    return this.hasRedirected;
  }
}
