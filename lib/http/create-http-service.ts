import axios from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { ResolvedAuthOptions } from '../options/resolve-options.js';
import type { TokenService } from '../token/token.service.js';
import { attachAuth } from './attach-auth.js';
import { AuthorizedAdapter } from './authorized-adapter.js';
import { PortOneHttpService } from './portone-http.service.js';
import { TokenOrigins } from './token-origin.js';

/** A client's `HttpService` around an axios instance of its own; the global axios is never touched. */
export function createHttpService(
  options: ResolvedAuthOptions,
  tokens: TokenService,
  scheduler: SchedulerLike,
): PortOneHttpService {
  const { baseURL, allowedOrigins, http } = options;
  const instance = axios.create({ ...http, baseURL });
  const origins = new TokenOrigins(baseURL, allowedOrigins);
  attachAuth(instance, new AuthorizedAdapter(tokens, origins, scheduler));
  return new PortOneHttpService(instance);
}
