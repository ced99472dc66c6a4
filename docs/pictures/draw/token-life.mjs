import { arrow, box, dot, foot, line, picture, text } from './svg.mjs';

const WORDS = {
  en: {
    title: 'The life of a token',
    description:
      'A login brings a token for 30 minutes. At a random moment between 80 and 85 percent of its life it is renewed behind the callers. Calls use the old token until the new one is there, and the old one is never used past its expiry.',
    sub: '30 minutes, as PortOne issues it today. The time is read from the token.',
    calls: 'Your calls',
    callsNote: 'a token at once, on every one',
    first: 'Token 1',
    second: 'Token 2',
    fresh: 'fresh',
    stale: 'in reserve',
    next: 'fresh',
    login: 'login',
    refresh: 'refresh',
    window: 'renewal, at a random moment: 80–85 %',
    expiry: 'expiry',
    minutes: ['0 min', '24:00', '25:30', '30:00'],
    foot: [
      'If the renewal fails, it is tried again after a growing pause.',
      'Token 1 serves until its expiry, and your calls go on.',
    ],
  },
  ko: {
    title: '토큰 수명 주기',
    description:
      '로그인하면 30분 동안 유효한 토큰을 받습니다. 수명의 80~85% 사이 임의의 시점에 백그라운드에서 갱신합니다. 새 토큰이 올 때까지는 기존 토큰을 쓰고, 만료된 토큰은 쓰지 않습니다.',
    sub: '현재 포트원이 발급하는 토큰은 30분간 유효합니다. 수명은 토큰에서 읽습니다.',
    calls: 'API 호출',
    callsNote: '모든 호출이 기다리지 않고 토큰을 사용',
    first: '토큰 1',
    second: '토큰 2',
    fresh: '유효',
    stale: '예비',
    next: '유효',
    login: '로그인',
    refresh: '갱신',
    window: '80~85% 사이 임의의 시점에 갱신',
    expiry: '만료',
    minutes: ['0분', '24:00', '25:30', '30:00'],
    foot: [
      '갱신에 실패하면 간격을 늘려 가며 다시 시도합니다.',
      '그동안 토큰 1을 만료 전까지 쓰므로 호출은 계속 성공합니다.',
    ],
  },
};

const LEFT = 112;
const MINUTE = 16.8;
const at = (minute) => LEFT + minute * MINUTE;
const RENEWED = 24.9;
const RIGHT = 732;
/** Between the window of the renewal and the expiry. */
const MIDDLE = at(27.8);

/** Login, renewal ahead of the expiry, and the calls that notice neither. */
export function tokenLife(lang) {
  const words = WORDS[lang];
  const calls = Array.from({ length: 44 }, (_, index) => LEFT + 8 + index * 14)
    .filter((x) => x < RIGHT - 4)
    .map((x) => dot(x, 104, 3.2, x < at(RENEWED) ? 'f-token' : 'f-next'));
  return picture({
    lang,
    width: 760,
    height: 320,
    ...words,
    parts: [
      text(28, 62, 'f-muted', words.sub),
      text(28, 108, 'b f-ink', words.calls),
      calls,
      text(LEFT, 90, 's f-muted', words.callsNote),

      text(28, 153, 'b f-ink', words.first),
      box(at(0), 134, at(RENEWED) - at(0), 30, 'f-token', { rx: 4 }),
      text(at(RENEWED / 2), 153, 'b mid f-card', words.fresh),
      box(at(RENEWED), 134, at(30) - at(RENEWED), 30, 'f-token-soft'),
      text(MIDDLE, 153, 's mid f-ink', words.stale),

      text(28, 197, 'b f-ink', words.second),
      box(at(RENEWED), 178, RIGHT - at(RENEWED), 30, 'f-next', { rx: 4 }),
      text(MIDDLE, 197, 'b mid f-card', words.next),

      box(at(24), 124, at(25.5) - at(24), 106, 'f-wait', { opacity: 0.18 }),
      line(at(24), 124, at(24), 236, 's-wait', { 'stroke-dasharray': '3 3' }),
      line(at(25.5), 124, at(25.5), 236, 's-wait', {
        'stroke-dasharray': '3 3',
      }),
      arrow(at(RENEWED), 149, at(RENEWED), 177, 'ink'),
      text(at(24) - 10, 197, 'b end f-next', words.refresh),
      text(at(24) - 10, 222, 's end f-wait', words.window),
      line(at(30), 128, at(30), 236, 's-bad', { 'stroke-width': 1.6 }),
      text(at(30) + 8, 227, 's b f-bad', words.expiry),
      text(at(0), 182, 's b f-token', words.login),

      line(at(0), 236, RIGHT, 236, 's-rule'),
      [0, 24, 25.5, 30].map((minute, index) =>
        text(
          at(minute) + [0, -4, 4, 0][index],
          252,
          `s n f-muted${['', ' end', '', ' mid'][index]}`,
          words.minutes[index],
        ),
      ),
      foot(282, words.foot),
    ],
  });
}
