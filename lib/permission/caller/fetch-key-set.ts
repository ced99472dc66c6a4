import { Agent } from 'node:http';
import { Axios, isAxiosError, type CreateAxiosDefaults } from 'axios';
import { firstValueFrom, Observable, timeout, type SchedulerLike } from 'rxjs';
import { usableKeys, type VerificationKey } from './key-set.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** How the JWKS is reached: the network settings of the client's `http` option, nothing else of it. */
export type KeySetNetwork = Pick<
  CreateAxiosDefaults,
  'httpAgent' | 'httpsAgent' | 'proxy' | 'lookup' | 'family'
>;

/** Why there are no keys. The message is fit for a log: it never holds what was sent or answered. */
export class KeySetFailure extends Error {}

/**
 * Gets the usable keys of a JWKS: no redirects, 64 KiB at most, 5 s in all for a body that drips as well.
 *
 * @throws KeySetFailure for any other answer, and for a set without a usable key
 */
export async function fetchKeySet(
  uri: string,
  network: KeySetNetwork,
  scheduler: SchedulerLike,
): Promise<readonly VerificationKey[]> {
  const keys = await usableKeys(parse(await get(uri, network, scheduler)));
  if (keys.length === 0) {
    throw new KeySetFailure('it holds no P-256 public key for ES256');
  }
  return keys;
}

/** axios's own timeout starts again with each chunk, so the limit is ours. */
function get(
  uri: string,
  network: KeySetNetwork,
  scheduler: SchedulerLike,
): Promise<string> {
  const http = bareAxios(uri, network);
  const body$ = new Observable<string>((subscriber) => {
    const controller = new AbortController();
    http.get<unknown>(uri, { signal: controller.signal }).then(
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

/** Bare: what the app tells the global axios, such as credentials for other hosts, is not for this one. */
function bareAxios(uri: string, network: KeySetNetwork): Axios {
  const isLoopback = uri.startsWith('http:');
  return new Axios({
    // Plain http is allowed for loopback hosts only, where no proxy of the environment may come between.
    ...(isLoopback && { proxy: false, httpAgent: new Agent() }),
    ...network,
    adapter: 'http',
    maxRedirects: 0,
    maxContentLength: MAX_BYTES,
    responseType: 'text',
    headers: { Accept: 'application/json' },
    validateStatus: () => true,
  });
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
