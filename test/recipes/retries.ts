import { Injectable } from '@nestjs/common';
import { setupCache } from 'axios-cache-interceptor';
import axiosRetry, { isNetworkOrIdempotentRequestError } from 'axios-retry';
import {
  isTokenUnavailableError,
  PortOneHttpService,
} from 'nestjs-portone-auth';

@Injectable()
export class PortOneApi {
  constructor(readonly http: PortOneHttpService) {
    const { axiosRef } = http;
    setupCache(axiosRef, { ttl: 10_000, methods: ['get'] });
    axiosRetry(axiosRef, {
      retries: 2,
      retryCondition: (error) =>
        isNetworkOrIdempotentRequestError(error) ||
        isTokenUnavailableError(error),
      retryDelay: (count, error) =>
        isTokenUnavailableError(error)
          ? error.retryAfterMs
          : axiosRetry.exponentialDelay(count),
    });
  }
}
