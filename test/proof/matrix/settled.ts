import { isAxiosError, isCancel } from 'axios';
import {
  isPortOneAuthError,
  isTokenUnavailableError,
} from '../../../lib/index.js';

/** A call and, when it has ended, its result. */
export interface Settling {
  isSettled: boolean;
  /** The response or the error. */
  result: unknown;
  readonly promise: Promise<unknown>;
}

/** Watches a call. The promise of the result never rejects. */
export function settling(call: Promise<unknown>): Settling {
  const settle = (result: unknown) => {
    watched.isSettled = true;
    watched.result = result;
  };
  const watched: Settling = {
    isSettled: false,
    result: undefined,
    promise: call.then(settle, settle),
  };
  return watched;
}

/** The HTTP parser of Node has many codes, which differ by version, so they are shown as one. */
const withoutParserDetail = (code: string) => code.replace(/^HPE_.*/, 'HPE_*');

/** For an answer that a reset interrupts, Node 20 gives axios the beginning of the answer, and Node 24 only the reset. */
export const RESET_MID_ANSWER = 'AxiosError ERR_BAD_RESPONSE 200 / ECONNRESET';

/** The result of an answer that a reset interrupted, in the same words for every version of Node. */
export const resetInWords = (result: unknown): string => {
  const words = inWords(result);
  return ['AxiosError ERR_BAD_RESPONSE 200', 'AxiosError ECONNRESET'].includes(
    words,
  )
    ? RESET_MID_ANSWER
    : words;
};

/** A response or an error in words: name, code, status, and whether the call was replayed. */
export function inWords(result: unknown): string {
  if (isAxiosError(result) && !isPortOneAuthError(result)) {
    const { code, response, portoneAuth } = result;
    const words = [
      isCancel(result) ? 'CanceledError' : 'AxiosError',
      withoutParserDetail(code ?? ''),
      response?.status,
      portoneAuth?.replayed && 'replayed',
    ];
    return words.filter(Boolean).join(' ');
  }
  if (isTokenUnavailableError(result)) return `${result.name} ${result.reason}`;
  if (isPortOneAuthError(result)) return `${result.name} ${result.code}`;
  if (result instanceof Error) throw result;
  return String((result as { status: unknown }).status);
}
