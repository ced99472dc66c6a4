import type { Cell } from './cell.js';
import { RETRY_AFTER_S, type FaultClass, type NamedFault } from './faults.js';
import type { Outcome } from './outcome.js';
import { RESET_MID_ANSWER } from './settled.js';

/** The first wait of the default backoff, with the random number 0.5. */
export const BACKOFF_MS = 1_500;
const REJECTED_MS = 60_000;
const PAUSE_MS = 1_000;
const TOKEN_TIMEOUT_MS = 10_000;

const good: Outcome = {
  sees: '200',
  takes: 0,
  next: [],
  nextInMs: 0,
  waits: 'nothing',
  heals: true,
  othersCalls: 0,
};

/** The code that is reported for each class of failed token calls. */
const ERROR_CODES: Partial<Record<FaultClass, string>> = {
  refused: 'PORTONE_CREDENTIALS_REJECTED',
  unauthorized: 'PORTONE_TOKEN_STATUS',
  status: 'PORTONE_TOKEN_STATUS',
  'retry-after': 'PORTONE_TOKEN_STATUS',
  redirect: 'PORTONE_TOKEN_STATUS',
  broken: 'PORTONE_TOKEN_NETWORK',
  lost: 'PORTONE_TOKEN_NETWORK',
  silent: 'PORTONE_TOKEN_TIMEOUT',
  drip: 'PORTONE_TOKEN_TIMEOUT',
  unusable: 'PORTONE_TOKEN_RESPONSE_INVALID',
  expired: 'PORTONE_TOKEN_RESPONSE_INVALID',
};

/** The outcome of a case that the rules of the design require. */
export function expectedOf(cell: Cell): Outcome {
  const { endpoint, holding, fault } = cell;
  const kind = fault.class;
  if (kind === 'slow') return good;
  if (endpoint === 'api') return ofApiCall(fault);
  // Without a token there is nothing to refresh; after a rejected refresh the same renewal logs in.
  if (endpoint === 'refresh' && (holding === 'none' || kind === 'refused'))
    return good;
  // Only an API call can show that the only token has expired. That call fails.
  if (kind === 'expired' && holding !== 'usable')
    return {
      ...unhealed,
      next: endpoint === 'login' ? ['login'] : ['refresh', 'login'],
    };
  return {
    ...good,
    ...(holding !== 'usable' && failureOf(kind)),
    lastErrorCode: ERROR_CODES[kind],
    ...attemptAfter(cell),
  };
}

const failureOf = (kind: FaultClass): Pick<Outcome, 'sees' | 'takes'> => ({
  sees: `${kind === 'refused' ? 'CredentialsRejectedError' : 'TokenUnavailableError'} ${ERROR_CODES[kind]}`,
  takes: kind === 'silent' || kind === 'drip' ? TOKEN_TIMEOUT_MS : 0,
});

function attemptAfter({
  endpoint,
  fault,
}: Cell): Pick<Outcome, 'next' | 'nextInMs' | 'waits'> {
  const waits = 'attempt';
  const nextInMs =
    fault.class === 'refused'
      ? REJECTED_MS
      : fault.class === 'retry-after'
        ? RETRY_AFTER_S * 1_000
        : BACKOFF_MS;
  if (endpoint === 'login') return { next: ['login'], nextInMs, waits };
  // PortOne has used up the refresh token for the answer that was lost.
  const isUsedUp = fault.class === 'lost';
  return {
    next: isUsedUp ? ['refresh', 'login'] : ['refresh'],
    nextInMs,
    waits,
  };
}

/** The API has refused the new token too. */
const unhealed: Outcome = {
  ...good,
  sees: 'AxiosError ERR_BAD_REQUEST 401 replayed',
  nextInMs: PAUSE_MS,
  waits: 'pause',
};

/** For API calls. The caller gets the error of axios, and no token call follows, except one renewal after a 401. */
function ofApiCall({ class: kind, fault }: NamedFault): Outcome {
  if (fault.kind === 'status' || fault.kind === 'html-401') {
    const status = fault.kind === 'status' ? fault.status : 401;
    if (status === 401) return unhealed;
    const code = status < 500 ? 'ERR_BAD_REQUEST' : 'ERR_BAD_RESPONSE';
    return { ...good, sees: `AxiosError ${code} ${status}` };
  }
  switch (fault.kind) {
    case 'redirect':
      return { ...good, sees: 'AxiosError ERR_BAD_RESPONSE 307' };
    case 'reset-mid-answer':
      return { ...good, sees: RESET_MID_ANSWER };
    case 'reset-before-answer':
      return { ...good, sees: 'AxiosError ECONNRESET' };
    case 'garbage':
      return { ...good, sees: 'AxiosError HPE_*' };
  }
  if (kind === 'broken')
    return { ...good, sees: 'AxiosError ERR_BAD_RESPONSE 200' };
  if (kind === 'silent')
    return { ...good, sees: 'AxiosError ECONNABORTED', takes: 'its timeout' };
  if (kind === 'drip')
    return { ...good, sees: 'CanceledError ERR_CANCELED', takes: 'its abort' };
  return good;
}
