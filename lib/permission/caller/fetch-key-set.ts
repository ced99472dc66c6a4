import { Axios, isAxiosError } from 'axios';
import { firstValueFrom, Observable, timeout, type SchedulerLike } from 'rxjs';
import {
  separateConnections,
  type NetworkSettings,
} from '../../portone/separate-connections.js';
import { throughProxy } from '../../portone/unanswered-call.js';
import { usableKeys, type VerificationKey } from './key-set.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** A separate instance: defaults of the global axios, such as credentials for other hosts, must not be sent here. */
const http = new Axios({
  adapter: 'http',
  maxRedirects: 0,
  maxContentLength: MAX_BYTES,
  responseType: 'text',
  headers: { Accept: 'application/json' },
  validateStatus: () => true,
});

/** Why a fetch gave no keys. The message is safe to log: it holds nothing of the request or the answer. */
export class KeySetFailure extends Error {}

/**
 * Fetches a JWKS with the TLS, DNS and proxy settings of the client, and returns its usable keys. No redirects, at most
 * 64 KiB, at most 5 s for the whole answer.
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

/** Has its own time limit, because the timeout of axios starts again with each chunk of the body. */
function get(
  uri: string,
  network: NetworkSettings,
  scheduler: SchedulerLike,
): Promise<string> {
  const body$ = new Observable<string>((subscriber) => {
    const controller = new AbortController();
    const { signal } = controller;
    http
      .get<unknown>(uri, { ...separateConnections(uri, network), signal })
      .then(
        (answer) => {
          const { status, data } = answer;
          if (status === 200) return subscriber.next(String(data));
          const said = `it answered ${status}${throughProxy(answer)}`;
          subscriber.error(new KeySetFailure(said));
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
    throw new KeySetFailure('it answered with something that is not JSON');
  }
}

/** Uses only the code of an AxiosError, because the error holds the app's agents. */
function causeOf(error: unknown): string {
  if (!isAxiosError(error) || error.code === undefined) {
    return 'the request could not be sent';
  }
  return error.message.startsWith('maxContentLength')
    ? `it answered with more than ${MAX_BYTES / 1024} KiB`
    : `it could not be reached${throughProxy(error)} (${error.code})`;
}
