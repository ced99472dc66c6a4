import { isAxiosError, isCancel } from 'axios';
import {
  isPortOneAuthError,
  isTokenUnavailableError,
} from '../../../lib/index.js';

/** A call under way, and what became of it. */
export interface Settling {
  isSettled: boolean;
  /** The response or the error. */
  result: unknown;
  readonly promise: Promise<unknown>;
}

/** Watches a call; it rejects no more. */
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

/** The parser of Node has many codes, which differ by version. */
const withoutParserDetail = (code: string) => code.replace(/^HPE_.*/, 'HPE_*');

/** Node 20 shows axios the beginning of an answer that a reset breaks off, Node 24 the reset alone. */
export const RESET_MID_ANSWER = 'AxiosError ERR_BAD_RESPONSE 200 / ECONNRESET';

/** What a caller sees of an answer that was reset, in the words of every version of Node. */
export const resetInWords = (result: unknown): string => {
  const words = inWords(result);
  return ['AxiosError ERR_BAD_RESPONSE 200', 'AxiosError ECONNRESET'].includes(
    words,
  )
    ? RESET_MID_ANSWER
    : words;
};

/** What a caller sees of a response or an error: name, code and status, and whether it was replayed. */
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
