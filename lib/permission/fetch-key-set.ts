import axios from 'axios';
import type { JSONWebKeySet } from 'jose';
import { firstValueFrom, Observable, timeout, type SchedulerLike } from 'rxjs';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** Gets a JWKS: no redirects, 64 KiB at most, 5 s in all for a body that drips as well. Rejects for any other answer. */
export function fetchKeySet(
  uri: string,
  scheduler: SchedulerLike,
): Promise<JSONWebKeySet> {
  const answer$ = new Observable<JSONWebKeySet>((subscriber) => {
    const controller = new AbortController();
    axios
      .create()
      .get<JSONWebKeySet>(uri, {
        adapter: 'http',
        maxRedirects: 0,
        maxContentLength: MAX_BYTES,
        validateStatus: (status) => status === 200,
        signal: controller.signal,
      })
      .then(
        ({ data }) => subscriber.next(data),
        (error: unknown) => subscriber.error(error),
      );
    return () => controller.abort();
  });
  return firstValueFrom(
    answer$.pipe(timeout({ first: TIMEOUT_MS, scheduler })),
  );
}
