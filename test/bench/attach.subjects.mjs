import axios from 'axios';
import { HttpService } from '@nestjs/axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import tokenInterceptor from 'axios-token-interceptor';
import { firstValueFrom } from 'rxjs';
import { openOurs } from './support/open-ours.mjs';

const PATH = '/payments/payment-1';

/**
 * Libraries that put a token on a request, all with the same axios settings. `get` makes one call.
 *
 * @param {{ url: string, apiSecret: string }} portone
 * @param {object} settings axios defaults, such as an adapter or an agent
 */
export async function openSubjects(portone, settings) {
  const ours = await openOurs(portone, { http: settings });
  const token = await ours.tokens.getAccessToken();
  const create = (headers = {}) =>
    axios.create({
      baseURL: portone.url,
      timeout: 60_000,
      maxRedirects: 0,
      ...settings,
      headers,
    });
  const withHeader = create({ Authorization: `Bearer ${token}` });
  const observed = new HttpService(withHeader);

  // As in its README: an interceptor that reads the token, and one that handles a 401.
  const refreshing = create();
  refreshing.interceptors.request.use((config) => {
    config.headers['Authorization'] = `Bearer ${token}`;
    return config;
  });
  createAuthRefresh(refreshing, () => Promise.resolve());

  // As in its README for a token that expires: its own cache around the call that fetches a token.
  const intercepting = create();
  intercepting.interceptors.request.use(
    tokenInterceptor({
      getToken: tokenInterceptor.tokenCache(() => Promise.resolve(token), {
        maxAge: 3_600_000,
      }),
    }),
  );

  const bare = create();
  return {
    /** Each subject is compared with a static header on the same kind of client. */
    subjects: [
      { name: 'axios, no token', get: () => bare.get(PATH) },
      { name: 'axios, static header', get: () => withHeader.get(PATH) },
      {
        name: 'ours, http.axiosRef',
        get: () => ours.http.axiosRef.get(PATH),
      },
      { name: 'axios-auth-refresh', get: () => refreshing.get(PATH) },
      { name: 'axios-token-interceptor', get: () => intercepting.get(PATH) },
      {
        name: 'HttpService, static header',
        get: () => firstValueFrom(observed.get(PATH)),
      },
      {
        name: 'ours, HttpService',
        baseline: 'HttpService, static header',
        get: () => firstValueFrom(ours.http.get(PATH)),
      },
    ].map((subject) => ({ baseline: 'axios, static header', ...subject })),
    close: () => ours.close(),
  };
}
