const seconds = (ms) => `${(ms / 1000).toFixed(1)}초`;

const CAUSES = {
  planned: '예정된 갱신',
  forced: '즉시 갱신',
  cold: '사용할 토큰이 없음',
};

const METHODS = { login: '로그인', refresh: '리프레시' };

const REASONS = {
  PORTONE_TOKEN_TIMEOUT: '응답 시간 초과',
  PORTONE_TOKEN_NETWORK: '네트워크 오류',
  PORTONE_TOKEN_STATUS: '비정상 상태 코드',
  PORTONE_TOKEN_RESPONSE_INVALID: '응답에 토큰 없음',
  PORTONE_SECRET_UNAVAILABLE: '시크릿 없음',
};

export const ko = {
  name: '한국어',
  seconds,
  skip: '버튼으로 건너뛰기',
  health: '헬스 체크',
  connecting: '연결 중',
  live: '실시간',
  lost: '연결이 끊겨 다시 연결하는 중',
  title: '토큰 수명 주기',
  beside:
    '이 페이지는 포트원 에뮬레이터와 함께 띄웠을 때만 동작합니다. 실제 결제도 실제 고객사도 아니며, 토큰과 시크릿은 이 페이지로 전송되지 않습니다.',
  states: {
    fresh: ['유효', '모든 호출이 바로 사용합니다.'],
    stale: ['갱신 중', '새 토큰을 받는 동안 기존 토큰을 계속 사용합니다.'],
    expired: [
      '만료',
      '호출은 새 토큰을 기다리며, 재시도 대기 중이면 바로 실패합니다.',
    ],
    empty: [
      '토큰 없음',
      '호출은 첫 토큰을 기다리며, 재시도 대기 중이면 바로 실패합니다.',
    ],
    rejected: ['시크릿 거부', '포트원이 API 시크릿을 받아들이지 않습니다.'],
    none: ['꺼짐', ''],
  },
  expires: '만료까지',
  renews: '갱신까지',
  retries: '재시도까지',
  now: '지금',
  none: '없음',
  counters: '시작 이후',
  tokenCalls: '토큰 API 호출',
  apiCalls: 'API 호출',
  refused: '401 응답',
  healed: '복구',
  waiting: '대기 중',
  try: '직접 해 보기',
  failed: '버튼이 동작하지 않았습니다. 상점 서버가 응답하지 않습니다.',
  buttons: {
    revoke: ['토큰 폐기', '다음 호출이 401을 받습니다'],
    requests: ['요청 200개 보내기', '상점을 거쳐 한꺼번에'],
    'login/down': ['로그인 장애 내기', '토큰 API가 503을 반환합니다'],
    'login/up': ['로그인 장애 풀기', '지금 장애 상태입니다'],
    'login/slow': ['로그인 느리게', '토큰 API가 3초 늦게 응답합니다'],
    'login/fast': ['로그인 빠르게', '지금 느린 상태입니다'],
    'permission/take': ['TX_UPDATE 권한 빼기', '다음 토큰부터 적용됩니다'],
    'permission/give': ['TX_UPDATE 권한 돌려주기', '다음 토큰부터 적용됩니다'],
    'webhook/signed': ['웹훅 보내기', '포트원과 같은 방식으로 서명'],
    'webhook/forged': ['위조 웹훅 보내기', '다른 시크릿으로 서명'],
    'instance/start': ['다른 인스턴스 띄우기', '같은 API 시크릿을 사용합니다'],
    'instance/kill': ['다른 인스턴스 끄기', '지금 실행 중입니다'],
  },
  latency: '상점 방문자가 겪는 응답 시간, 최근 60초',
  answered: '성공',
  notAnswered: '실패',
  renewal: '새 토큰',
  chart: ({ count, failed, median, slowest, renewals }) =>
    count === 0
      ? '아직 요청이 없습니다.'
      : `요청 ${count}개 중 ${failed}개 실패. 중앙값 ${median} ms, 최댓값 ${slowest} ms. 새 토큰 ${renewals}개.`,
  timeline: '있었던 일',
  permissions: '권한',
  held: '현재 토큰의 권한:',
  route: '라우트와 필요한 권한',
  answer: '현재 토큰',
  has: '있음',
  lacks: '없음: 403',
  other: '다른 인스턴스',
  otherNote: (left) => `토큰 만료까지 ${left} 남았습니다.`,
  shared:
    'Redis로 토큰 하나를 공유합니다. 한쪽만 포트원을 호출하고 다른 쪽은 가져다 씁니다.',
  alone:
    'Redis가 없어(REDIS_URL 또는 redis-server) 인스턴스마다 토큰을 따로 씁니다.',
  second: '다른 인스턴스: ',
  happenings: {
    acquired: (it) =>
      `로그인: ${seconds(it.expiresInMs)} 동안 유효한 토큰을 받음`,
    renewed: (it) =>
      `${METHODS[it.method] ?? it.method}로 갱신(${CAUSES[it.cause]}), ${it.durationMs} ms 걸림`,
    adopted: () => '토큰 API를 호출하지 않고 공유된 토큰을 가져옴',
    'renewal-failed': (it) =>
      `갱신 실패(${REASONS[it.reason] ?? it.reason}), ${seconds(it.retryAfterMs)} 뒤 재시도`,
    invalidated: () => '401을 받아 토큰을 교체함',
    replayed: (it) =>
      it.outcome === 'healed'
        ? '복구: 호출을 재전송해 성공함'
        : '복구 실패: 새 토큰도 401을 받음',
    'renewals-paused': (it) =>
      `401로 인한 갱신을 ${seconds(it.pausedForMs)} 동안 멈춤`,
    'credentials-rejected': () => '포트원이 API 시크릿을 거부함',
    'permissions-changed': (it) =>
      `권한 변경: ${[...it.added.map((name) => `+${name}`), ...it.removed.map((name) => `−${name}`)].join(', ')}`,
    'permission-denied': (it) => `${it.route} 거부: ${it.reason}`,
    revoked: () => '토큰을 폐기함',
    requests: (it) =>
      `요청 ${it.count}개 중 ${it.ok}개 성공(200), ${it.durationMs} ms 걸림`,
    'login-down': () => '로그인 장애: 토큰 API가 503을 반환함',
    'login-up': () => '로그인 정상',
    'login-slow': () => '로그인 느려짐: 3초 늦게 응답',
    'login-fast': () => '로그인 속도 정상',
    'permission-taken': () => 'TX_UPDATE 권한을 뺌',
    'permission-given': () => 'TX_UPDATE 권한을 돌려줌',
    webhook: (it) =>
      `${it.isForged ? '위조 웹훅' : '웹훅'} ${it.status < 300 ? '수락' : '거부'}: ${it.status}`,
    'instance-started': () => '다른 인스턴스를 띄움',
    'instance-killed': () => '다른 인스턴스를 끔',
  },
};
