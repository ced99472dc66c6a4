import type { AxiosDefaults } from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { ResolvedAuthOptions } from '../options/resolve-options.js';
import type { Clock } from '../time/clock.js';
import type { TokenService } from '../token/token.service.js';
import { forgetAuthorization } from './request/attempt.js';
import { AuthorizedAdapter } from './authorized-adapter.js';
import { nestAxios } from './nest-axios.js';
import { OriginDefaults } from './origin-defaults.js';
import { PortOneHttpService } from './portone-http.service.js';
import { TokenOrigins } from './token-origin.js';

/** A client's `HttpService` around an axios instance of its own; the global axios is never touched. */
export function createHttpService(
  options: ResolvedAuthOptions,
  tokens: TokenService,
  clock: Clock,
  scheduler: SchedulerLike,
): PortOneHttpService {
  const { baseURL, allowedOrigins, http } = options;
  const { method, allowAbsoluteUrls } = http;
  const instance = nestAxios.create({ method, allowAbsoluteUrls, baseURL });
  forgetCredentials(instance.defaults);
  new AuthorizedAdapter(
    tokens,
    new TokenOrigins(baseURL, allowedOrigins),
    new OriginDefaults(http, instance.defaults),
    clock,
    scheduler,
  ).attachTo(instance);
  return new PortOneHttpService(instance);
}

/** A new instance copies the defaults of the global axios. Credentials in them are for other hosts and must not reach PortOne. */
function forgetCredentials(defaults: AxiosDefaults): void {
  delete defaults.auth;
  for (const headers of [defaults.headers, ...Object.values(defaults.headers)])
    forgetAuthorization(headers);
}
