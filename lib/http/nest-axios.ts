import { HttpService } from '@nestjs/axios';
import axios, { type AxiosStatic } from 'axios';

const ofNest = new HttpService().axiosRef as AxiosStatic | undefined;

/**
 * axios in the build that Nest's own `HttpService` uses, so that `error instanceof AxiosError` holds where it does with
 * Nest's `HttpModule`: in a CommonJS app of Nest 11 that is another build than ours. If its version differs as well, our build is used:
 * theirs may be one that our peers do not allow.
 */
export const nestAxios = ofNest?.VERSION === axios.VERSION ? ofNest : axios;
