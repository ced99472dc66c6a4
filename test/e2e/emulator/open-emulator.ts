import axios, { type AxiosError, type AxiosResponse } from 'axios';
import { Agent } from 'node:http';
import {
  PortOneEmulator,
  type PortOneEmulatorOptions,
} from '../../../lib/testing/index.js';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** Tells every answer apart, and follows no redirect. */
export const http = axios.create({
  proxy: false,
  httpAgent: new Agent({ keepAlive: true }),
  validateStatus: () => true,
  maxRedirects: 0,
});

export const bearer = (token: string) => ({
  headers: { authorization: `Bearer ${token}` },
});

/** What a call that must fail was rejected with. */
export const failure = async (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: AxiosError) => error,
  );

const open: PortOneEmulator[] = [];

/** For `afterEach`. */
export async function stopEmulators(): Promise<void> {
  for (const portone of open.splice(0)) await portone.stop();
}

/** An emulator, and its endpoints as functions. */
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
    ) => http.post(`${url}/payments/${id}/cancel`, body, bearer(token)),
  };
}
