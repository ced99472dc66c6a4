import { HttpService } from '@nestjs/axios';
import axios, { type AxiosStatic } from 'axios';

const ofNest = new HttpService().axiosRef as AxiosStatic | undefined;

/**
 * The build of axios that Nest's own `HttpService` uses. In a CommonJS app of Nest 11 that is not the build that this package
 * imports, and `error instanceof AxiosError` works there only with Nest's build. If the versions differ too, the imported build is
 * used, because Nest's version may be outside our peer range.
 */
export const nestAxios = ofNest?.VERSION === axios.VERSION ? ofNest : axios;
