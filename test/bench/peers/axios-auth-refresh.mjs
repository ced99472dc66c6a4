import axios from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import { TokenCalls } from '../support/token-calls.mjs';

/** As in its README: an interceptor adds the token. After a 401 the library calls `renew` and sends the request again. */
export async function openAxiosAuthRefresh(portone, httpAgent) {
  const tokens = new TokenCalls(portone, httpAgent);
  const http = axios.create({
    baseURL: portone.url,
    httpAgent,
    timeout: 60_000,
    maxRedirects: 0,
  });
  let accessToken;
  http.interceptors.request.use((config) => {
    config.headers['Authorization'] = `Bearer ${accessToken}`;
    return config;
  });
  createAuthRefresh(http, async () => {
    ({ accessToken } = await tokens.renew());
  });
  return {
    name: 'axios-auth-refresh',
    call: (path) => http.get(path),
    isRenewing: () => tokens.inFlight > 0,
    close: () => undefined,
  };
}
