import { Axios } from 'axios';
import type { JSONWebKeySet } from 'jose';
import { firstValueFrom, Observable, timeout, type SchedulerLike } from 'rxjs';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** Bare: what the app tells the global axios, such as credentials for other hosts, is not for this one. */
const http = new Axios({
  adapter: 'http',
  maxRedirects: 0,
  maxContentLength: MAX_BYTES,
  responseType: 'text',
  headers: { Accept: 'application/json' },
  validateStatus: (status) => status === 200,
});

/** Gets a JWKS: no redirects, 64 KiB at most, 5 s in all for a body that drips as well. Rejects for any other answer. */
export function fetchKeySet(
  uri: string,
  scheduler: SchedulerLike,
): Promise<JSONWebKeySet> {
  const answer$ = new Observable<JSONWebKeySet>((subscriber) => {
    const controller = new AbortController();
    http
      .get<string>(uri, { signal: controller.signal })
      .then(({ data }) => JSON.parse(data) as JSONWebKeySet)
      .then(
        (keys) => subscriber.next(keys),
        (error: unknown) => subscriber.error(error),
      );
    return () => controller.abort();
  });
  return firstValueFrom(
    answer$.pipe(timeout({ first: TIMEOUT_MS, scheduler })),
  );
}
