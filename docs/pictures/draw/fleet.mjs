import { arrow, box, dot, foot, line, picture, text } from './svg.mjs';

const WORDS = {
  en: {
    title: 'A fleet renews once',
    description:
      'Four instances share one token through Redis. When it is due, one of them takes the lock, calls PortOne and writes the encrypted token to Redis. The others adopt it. A new instance adopts it too, without a login.',
    sub: 'Instances with one API secret share one token through Redis.',
    portone: 'PortOne',
    redis: 'Redis',
    instances: ['Instance 1', 'Instance 2', 'Instance 3', 'Instance 4'],
    lock: 'takes the lock',
    call: 'one token call',
    commit: 'writes the token, encrypted',
    adopt: 'the others adopt it',
    born: 'starts, adopts, no login',
    foot: [
      'One token call in a lifetime, for any number of instances. If the owner of the lock dies, another instance takes over.',
      'If Redis is away, each instance goes on alone.',
    ],
  },
  ko: {
    title: '인스턴스가 여러 개여도 갱신은 한 번',
    description:
      '인스턴스 4개가 Redis로 토큰 하나를 공유합니다. 갱신할 때가 되면 하나가 락을 잡고 포트원을 호출한 뒤 암호화한 토큰을 Redis에 저장합니다. 나머지는 그 토큰을 가져다 씁니다. 새로 뜬 인스턴스도 로그인하지 않고 가져다 씁니다.',
    sub: 'API 시크릿이 같은 인스턴스들이 Redis로 토큰 하나를 공유합니다.',
    portone: '포트원',
    redis: 'Redis',
    instances: ['인스턴스 1', '인스턴스 2', '인스턴스 3', '인스턴스 4'],
    lock: '락 획득',
    call: '토큰 API 호출 1번',
    commit: '암호화해 저장',
    adopt: '나머지는 가져다 씀',
    born: '새로 시작, 로그인 없이 사용',
    foot: [
      '인스턴스 수와 관계없이 토큰 수명당 토큰 API 호출은 1번입니다. 락을 쥔 인스턴스가 죽으면 다른 인스턴스가 이어받습니다.',
      'Redis에 장애가 나면 인스턴스마다 따로 갱신합니다.',
    ],
  },
};

const LEFT = 128;
const RIGHT = 732;
const PORTONE = 96;
const REDIS = 146;
const instanceAt = (index) => 198 + index * 36;
const LOCKED = 236;
const COMMITTED = 416;
const BORN = 640;

/** One instance renews; the token of the others changes a moment later. */
export function fleet(lang) {
  const words = WORDS[lang];
  const adopted = [452, COMMITTED, 474, BORN];
  const rows = words.instances.map((name, index) => {
    const y = instanceAt(index);
    const begins = index === 3 ? adopted[3] : LEFT;
    const has = adopted[index];
    return [
      text(28, y + 4, 'b f-ink', name),
      line(LEFT, y, RIGHT, y, 's-rule', { 'stroke-dasharray': '1 4' }),
      has > begins && box(begins, y - 8, has - begins, 16, 'f-token'),
      box(has, y - 8, RIGHT - has, 16, 'f-next'),
    ].filter(Boolean);
  });
  const owner = instanceAt(1);
  return picture({
    lang,
    width: 760,
    height: 388,
    ...words,
    parts: [
      text(28, 62, 'f-muted', words.sub),
      text(28, PORTONE + 4, 'b f-ink', words.portone),
      text(28, REDIS + 4, 'b f-ink', words.redis),
      line(LEFT, PORTONE, RIGHT, PORTONE, 's-rule'),
      line(LEFT, REDIS, RIGHT, REDIS, 's-rule'),
      box(LOCKED, REDIS - 5, COMMITTED - LOCKED, 10, 'f-wait', { rx: 5 }),
      rows,
      box(LOCKED, owner + 8, COMMITTED - LOCKED, 3, 'f-wait'),
      arrow(LOCKED, owner - 8, LOCKED, REDIS + 6, 'wait'),
      text(LOCKED - 8, REDIS + 22, 's end f-wait', words.lock),
      arrow(LOCKED + 48, owner - 8, LOCKED + 48, PORTONE + 2, 'ink'),
      arrow(COMMITTED - 40, PORTONE, COMMITTED - 40, owner - 8, 'ink'),
      dot(LOCKED + 48, PORTONE, 4, 'f-ink'),
      dot(COMMITTED - 40, PORTONE, 4, 'f-ink'),
      text(
        (LOCKED + COMMITTED + 8) / 2,
        PORTONE - 10,
        's b mid f-ink',
        words.call,
      ),
      arrow(COMMITTED, owner - 8, COMMITTED, REDIS + 2, 'next'),
      dot(COMMITTED, REDIS, 4, 'f-next'),
      text(COMMITTED + 12, REDIS - 10, 's f-next', words.commit),
      arrow(adopted[0], REDIS, adopted[0], instanceAt(0) - 8, 'next'),
      arrow(adopted[2], REDIS, adopted[2], instanceAt(2) - 8, 'next'),
      arrow(adopted[3], REDIS, adopted[3], instanceAt(3) - 8, 'next'),
      text(adopted[2] + 10, REDIS + 22, 's f-next', words.adopt),
      text(adopted[3] - 12, instanceAt(3) + 4, 's end f-next', words.born),
      foot(350, words.foot),
    ],
  });
}
