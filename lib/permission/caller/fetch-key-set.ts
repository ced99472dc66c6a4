import { Axios, isAxiosError } from 'axios';
import { firstValueFrom, Observable, timeout, type SchedulerLike } from 'rxjs';
import {
  ownConnections,
  type NetworkSettings,
} from '../../portone/own-connections.js';
import { usableKeys, type VerificationKey } from './key-set.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** An instance of its own: what the app sets on the global axios, such as credentials for other hosts, must not be sent here. */
const http = new Axios({
  adapter: 'http',
  maxRedirects: 0,
  maxContentLength: MAX_BYTES,
  responseType: 'text',
  headers: { Accept: 'application/json' },
  validateStatus: () => true,
});

/** Why there are no keys. The message may be logged: it never holds what was sent or answered. */
export class KeySetFailure extends Error {}

/**
 * Gets the usable keys of a JWKS, by the client's way out of this network: no redirects, 64 KiB at most, 5 s in all for a
 * body that drips as well.
 *
 * @throws KeySetFailure for any other answer, and for a set without a usable key
 */
export async function fetchKeySet(
  uri: string,
  network: NetworkSettings,
  scheduler: SchedulerLike,
): Promise<readonly VerificationKey[]> {
  const keys = usableKeys(parse(await get(uri, network, scheduler)));
  if (keys.length === 0) {
    throw new KeySetFailure('it holds no P-256 public key for ES256');
  }
  return keys;
}

/** axios's own timeout starts again with each chunk, so the limit is ours. */
function get(
  uri: string,
  network: NetworkSettings,
  scheduler: SchedulerLike,
): Promise<string> {
  const body$ = new Observable<string>((subscriber) => {
    const controller = new AbortController();
    const { signal } = controller;
    http.get<unknown>(uri, { ...ownConnections(uri, network), signal }).then(
      ({ status, data }) => {
        if (status === 200) subscriber.next(String(data));
        else subscriber.error(new KeySetFailure(`it answered ${status}`));
      },
      (error: unknown) => subscriber.error(new KeySetFailure(causeOf(error))),
    );
    return () => controller.abort();
  });
  const late = () => {
    throw new KeySetFailure(`it did not answer within ${TIMEOUT_MS / 1000} s`);
  };
  return firstValueFrom(
    body$.pipe(timeout({ first: TIMEOUT_MS, scheduler, with: late })),
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new KeySetFailure('it answered with something else than JSON');
  }
}

/** The AxiosError itself holds the app's agents: only its code may go on. */
function causeOf(error: unknown): string {
  if (!isAxiosError(error) || error.code === undefined) {
    return 'it could not be asked';
  }
  return error.message.startsWith('maxContentLength')
    ? `it answered with more than ${MAX_BYTES / 1024} KiB`
    : `it could not be reached (${error.code})`;
}
