import type { AxiosDefaults } from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { ResolvedAuthOptions } from '../options/resolve-options.js';
import type { TokenService } from '../token/token.service.js';
import { attachAuth } from './attach-auth.js';
import { AuthorizedAdapter } from './authorized-adapter.js';
import { forgetAuthorization } from './forget-authorization.js';
import { nestAxios } from './nest-axios.js';
import { PortOneHttpService } from './portone-http.service.js';
import { TokenOrigins } from './token-origin.js';

/** A client's `HttpService` around an axios instance of its own; the global axios is never touched. */
export function createHttpService(
  options: ResolvedAuthOptions,
  tokens: TokenService,
  scheduler: SchedulerLike,
): PortOneHttpService {
  const { baseURL, allowedOrigins, http } = options;
  const instance = nestAxios.create({ ...http, baseURL });
  forgetCredentials(instance.defaults);
  const origins = new TokenOrigins(baseURL, allowedOrigins);
  attachAuth(instance, new AuthorizedAdapter(tokens, origins, scheduler));
  return new PortOneHttpService(instance);
}

/** A new instance starts from the defaults of the global axios: what those hold for other hosts must not reach PortOne. */
function forgetCredentials(defaults: AxiosDefaults): void {
  delete defaults.auth;
  for (const headers of [defaults.headers, ...Object.values(defaults.headers)])
    forgetAuthorization(headers);
}
