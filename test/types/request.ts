import type { HttpService } from '@nestjs/axios';
import { isAxiosError, type AxiosError } from 'axios';
import type { PortOneAuthOutcome } from 'nestjs-portone-auth';
import { expectType, type Same } from './expect-type.js';

declare const http: HttpService;

http.get('/payments', { portoneAuth: false });
http.post('/payments', {}, { portoneAuth: { retry: false } });
http.axiosRef.get('/payments', { portoneAuth: {} });
// @ts-expect-error: a token is sent by default, so `true` is not an option
http.get('/payments', { portoneAuth: true });
// @ts-expect-error: the number of retries cannot be set
http.get('/payments', { portoneAuth: { retry: 3 } });

expectType<Same<AxiosError['portoneAuth'], PortOneAuthOutcome | undefined>>();

export const wasReplayed = (error: unknown): boolean =>
  isAxiosError(error) && error.portoneAuth?.replayed === true;
