import { box, dot, foot, line, picture, text } from './svg.mjs';

const WORDS = {
  en: {
    title: 'A 401 storm, healed',
    description:
      'Twenty calls are in flight when the token is revoked. Each is answered 401. The first 401 starts one renewal, which the others wait for, or find done. Each call is sent once more with the new token and succeeds.',
    sub: '20 calls in flight, and the token is revoked.',
    sent: '20 calls',
    refused: '20 × 401',
    renewal: '1 renewal',
    replayed: '20 replays',
    ok: '20 × 200',
    early: 'wait for the one renewal',
    late: 'find the new token there',
    foot: [
      'One token call, no failed call. A replay has the same body and the same Idempotency-Key.',
      'A 401 means that PortOne has done nothing, so nothing happens twice.',
    ],
  },
  ko: {
    title: '401이 한꺼번에 와도 한 번의 갱신으로 복구',
    description:
      '호출 20개가 진행 중일 때 토큰이 폐기되어 모두 401을 받습니다. 첫 401이 갱신을 한 번 시작하고, 나머지는 그 갱신을 기다리거나 이미 받은 새 토큰을 씁니다. 모든 호출은 새 토큰으로 한 번만 재전송되어 성공합니다.',
    sub: '호출 20개가 진행 중일 때 토큰이 폐기되었습니다.',
    sent: '호출 20개',
    refused: '401 20번',
    renewal: '갱신 1번',
    replayed: '재전송 20번',
    ok: '200 20번',
    early: '진행 중인 갱신을 기다림',
    late: '이미 받은 새 토큰을 사용',
    foot: [
      '토큰 API 호출은 1번, 실패한 호출은 없습니다. 본문과 멱등 키(Idempotency-Key)를 그대로 재전송합니다.',
      '401은 요청을 처리하지 않았다는 뜻이므로 같은 요청이 두 번 처리되지 않습니다.',
    ],
  },
};

const CALLS = 20;
const TOP = 112;
const STEP = 9;
const SENT = 64;
const RENEWAL = [300, 432];
const END = 696;

/** Spread as answers of a real API are: 14 while the renewal runs, 6 after it. The first one starts it. */
const refusedAt = (call) =>
  call === 3
    ? RENEWAL[0]
    : call < 14
      ? RENEWAL[0] + 8 + ((call * 37) % 100)
      : RENEWAL[1] + 16 + ((call * 29) % 56);

/** Twenty calls, each a line: sent, refused, waiting, replayed, answered. */
export function storm(lang) {
  const words = WORDS[lang];
  const bottom = TOP + (CALLS - 1) * STEP;
  const calls = Array.from({ length: CALLS }, (_, call) => {
    const y = TOP + call * STEP;
    const refused = refusedAt(call);
    const replayed = Math.max(refused + 6, RENEWAL[1] + 6);
    const answered = Math.min(END, replayed + 172 + ((call * 23) % 70));
    return [
      line(SENT, y, refused, y, 's-token', { 'stroke-width': 1.6 }),
      refused < RENEWAL[1] &&
        line(refused, y, replayed, y, 's-wait', {
          'stroke-width': 1.6,
          'stroke-dasharray': '2 3',
        }),
      line(replayed, y, answered, y, 's-next', { 'stroke-width': 1.6 }),
      dot(SENT, y, 2.6, 'f-token'),
      dot(refused, y, 3.2, 'f-bad'),
      dot(answered, y, 3.2, 'f-next'),
    ].filter(Boolean);
  });
  return picture({
    lang,
    width: 760,
    height: 382,
    ...words,
    parts: [
      text(28, 62, 'f-muted', words.sub),
      box(
        RENEWAL[0],
        TOP - 12,
        RENEWAL[1] - RENEWAL[0],
        bottom - TOP + 24,
        'f-wait-soft',
        { rx: 4 },
      ),
      text(SENT - 3, TOP - 20, 'b f-token', words.sent),
      text(RENEWAL[0] - 12, TOP - 20, 'b end f-bad', words.refused),
      text(
        (RENEWAL[0] + RENEWAL[1]) / 2,
        TOP - 20,
        'b mid f-wait',
        words.renewal,
      ),
      text(RENEWAL[1] + 24, TOP - 20, 'b f-next', words.replayed),
      text(END + 3, TOP - 20, 'b end f-next', words.ok),
      calls,
      text(RENEWAL[1] - 6, bottom + 30, 's end f-muted', words.early),
      text(RENEWAL[1] + 10, bottom + 30, 's f-muted', words.late),
      foot(344, words.foot),
    ],
  });
}
