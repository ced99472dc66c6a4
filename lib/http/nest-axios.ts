import { HttpService } from '@nestjs/axios';
import type { AxiosStatic } from 'axios';

/**
 * The copy of axios that Nest's own `HttpService` uses. The one an ES module imports is another in a CommonJS app, where
 * `error instanceof AxiosError` would not hold.
 */
export const { AxiosError, AxiosHeaders, CanceledError, create, getAdapter } =
  new HttpService().axiosRef as AxiosStatic;
