import { BACKOFF_MS } from './expected.js';
import type { Outcome } from './outcome.js';

/** One language of the table. */
export interface Words {
  readonly tokenHeads: readonly string[];
  readonly apiHeads: readonly string[];
  /** Translations by the English name of the fault; a fault without one keeps its English name. */
  readonly faults: Readonly<Record<string, string>>;
  /** The result of the caller. */
  caller(outcome: Outcome): string;
  /** The result of the caller, and the next attempt. */
  outcome(outcome: Outcome): string;
}

/** The result with its codes in backquotes. Leaves out what the rest of the row shows: the class of our own errors, and the status of the fault. */
const seen = ({ sees }: Outcome): string =>
  sees
    .replace(/^(TokenUnavailable|CredentialsRejected)Error /, '')
    .replace(/ (?!200)\d{3}(?= |$)/, '')
    .replace(/ replayed$/, '')
    .replace(/\w*Error|\b[A-Z]+_[A-Z_*]+|\bECONN[A-Z]+/g, '`$&`');

const isReplayed = ({ sees }: Outcome) => sees.endsWith(' replayed');

const inSeconds = (ms: number) => ms / 1000;

const english: Words = {
  tokenHeads: [
    'fault of a token call',
    'callers with a usable token',
    'callers without a token, when it is a login',
    'callers without a token, when it is a refresh',
  ],
  apiHeads: ['fault of an API call', 'its caller'],
  faults: {},
  caller: (outcome) => {
    const { takes } = outcome;
    const replayed = isReplayed(outcome) ? ', replayed once' : '';
    const after =
      typeof takes === 'string'
        ? ` after ${takes}`
        : takes > 0
          ? ` after ${inSeconds(takes)} s`
          : '';
    return `${seen(outcome)}${after}${replayed}`;
  },
  outcome: (outcome) => {
    const { next, nextInMs, waits } = outcome;
    const caller = english.caller(outcome);
    if (waits === 'nothing') return caller;
    if (waits === 'pause')
      return `${caller}; 401s renew again after ${inSeconds(nextInMs)} s`;
    const wait =
      nextInMs === BACKOFF_MS ? 'the backoff' : `${inSeconds(nextInMs)} s`;
    return `${caller}; ${next.join(', then ')} after ${wait}`;
  },
};

const korean: Words = {
  tokenHeads: [
    '토큰 호출의 상황',
    '쓸 수 있는 토큰이 있을 때',
    '토큰이 없고 로그인할 때',
    '토큰이 없고 리프레시할 때',
  ],
  apiHeads: ['API 호출의 상황', '호출한 쪽이 받는 결과'],
  faults: {
    'a 401 of an unknown type': '알 수 없는 형식의 401',
    "a firewall's HTML 401": '방화벽의 HTML 401',
    '429 with Retry-After': 'Retry-After가 있는 429',
    '503 with Retry-After': 'Retry-After가 있는 503',
    'a redirect': '리다이렉트',
    'a reset before the answer': '응답 전에 끊긴 연결',
    'a reset within the answer': '응답 도중 끊긴 연결',
    'a truncated answer': '잘린 응답',
    'bytes that are not HTTP': 'HTTP가 아닌 바이트',
    'an answer lost after PortOne has handled the call':
      '처리된 뒤 유실된 응답',
    'no answer': '무응답',
    'headers and then nothing': '헤더만 오고 멈춤',
    'a body that never ends': '조금씩 전송되며 끝나지 않는 응답',
    'HTML with 200': '200으로 온 HTML',
    'an empty 200': '본문 없는 200',
    'incomplete JSON': '중간에 끊긴 JSON',
    'no tokens': '토큰 없음',
    'an access token alone': '토큰 한쪽만 있음',
    'strings that are not JWTs': 'JWT가 아닌 문자열',
    'tokens without a lifetime': '수명이 없는 토큰',
    'expired tokens': '이미 만료된 토큰',
    'a slow answer within the time limit': '느리지만 제한 시간 안에 온 응답',
  },
  caller: (outcome) => {
    const { takes } = outcome;
    const ends = {
      'its timeout': '요청의 타임아웃 후 ',
      'its abort': '요청을 중단하면 ',
    };
    const when =
      typeof takes === 'string'
        ? ends[takes]
        : takes > 0
          ? `${inSeconds(takes)}초 뒤 `
          : '';
    const replayed = isReplayed(outcome) ? '한 번 재전송한 뒤 ' : '';
    return `${replayed}${when}${seen(outcome)}`;
  },
  outcome: (outcome) => {
    const { next, nextInMs, waits } = outcome;
    const caller = korean.caller(outcome);
    if (waits === 'nothing') return caller;
    if (waits === 'pause')
      return `${caller}; 401로 인한 갱신은 ${inSeconds(nextInMs)}초 뒤부터`;
    const calls = next
      .map((call) => (call === 'login' ? '로그인' : '리프레시'))
      .join(' 후 ');
    const wait =
      nextInMs === BACKOFF_MS ? '백오프' : `${inSeconds(nextInMs)}초`;
    return `${caller}; ${wait} 뒤 ${calls}`;
  },
};

/** The pages with the tables, and their languages. */
export const MANUALS: Readonly<Record<string, Words>> = {
  'docs/reliability.md': english,
  'docs/ko/reliability.md': korean,
};
