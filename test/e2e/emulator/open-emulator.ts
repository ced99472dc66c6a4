import axios, { type AxiosError, type AxiosResponse } from 'axios';
import { Agent } from 'node:http';
import {
  PortOneEmulator,
  type PortOneEmulatorOptions,
} from '../../../lib/testing/index.js';
import { problemsOfAnswer } from './documented.js';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const open: PortOneEmulator[] = [];
const unchecked = new WeakSet<PortOneEmulator>();

/** Stops comparing the answers of this emulator with PortOne's document, because the test decides the answers. */
export const allowAnyAnswer = (portone: PortOneEmulator): void => {
  unchecked.add(portone);
};

/** Resolves for every status and follows no redirect. */
export const http = axios.create({
  proxy: false,
  httpAgent: new Agent({ keepAlive: true }),
  validateStatus: () => true,
  maxRedirects: 0,
});

// Throws when an answer of the emulator is not one that PortOne documents.
http.interceptors.response.use((response) => {
  const { config, status, data } = response;
  const emulator = open.find(({ url }) => config.url?.startsWith(url));
  if (emulator && !unchecked.has(emulator)) {
    const { pathname } = new URL(config.url ?? '');
    const method = config.method?.toUpperCase() ?? 'GET';
    const problems = problemsOfAnswer(method, pathname, status, data);
    if (problems.length > 0)
      throw new Error(`${method} ${pathname} ${status}: ${problems.join()}`);
  }
  return response;
});

export const bearer = (token: string) => ({
  headers: { authorization: `Bearer ${token}` },
});

/** The error of a call that must fail. */
export const failure = async (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: AxiosError) => error,
  );

/** Stops every emulator that {@link openEmulator} has started; for `afterEach`. */
export async function stopEmulators(): Promise<void> {
  for (const portone of open.splice(0)) await portone.stop();
}

/** Starts an emulator. Gives it with a function for each of its endpoints. */
export async function openEmulator(options?: PortOneEmulatorOptions) {
  const portone = await PortOneEmulator.start(options);
  open.push(portone);
  const { url } = portone;
  return {
    portone,
    login: (
      apiSecret: unknown = portone.apiSecret,
    ): Promise<AxiosResponse<Tokens>> =>
      http.post(`${url}/login/api-secret`, { apiSecret }),
    refresh: (refreshToken: string): Promise<AxiosResponse<Tokens>> =>
      http.post(`${url}/token/refresh`, { refreshToken }),
    payment: (token: string, id = 'payment-1') =>
      http.get(`${url}/payments/${id}`, bearer(token)),
    cancel: (
      token: string,
      id: string,
      body: unknown = { reason: '단순 변심' },
      idempotencyKey?: string,
    ) =>
      http.post(`${url}/payments/${id}/cancel`, body, {
        headers: {
          ...bearer(token).headers,
          ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
        },
      }),
    list: (token: string, requestBody: unknown) =>
      http.get(`${url}/payments`, {
        ...bearer(token),
        params: {
          requestBody:
            typeof requestBody === 'string'
              ? requestBody
              : JSON.stringify(requestBody),
        },
      }),
  };
}
