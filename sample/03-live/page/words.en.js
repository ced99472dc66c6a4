const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

const CAUSES = {
  planned: 'as planned',
  forced: 'at once',
  cold: 'because there was no token',
};

const REASONS = {
  PORTONE_TOKEN_TIMEOUT: 'no answer in time',
  PORTONE_TOKEN_NETWORK: 'network error',
  PORTONE_TOKEN_STATUS: 'bad status',
  PORTONE_TOKEN_RESPONSE_INVALID: 'an answer without tokens',
  PORTONE_SECRET_UNAVAILABLE: 'no secret',
};

export const en = {
  name: 'English',
  seconds,
  skip: 'Skip to the buttons',
  health: 'Health',
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost, trying again',
  title: 'The life of a token',
  beside:
    'This page works only beside the PortOne emulator: no real payment, no real merchant. It never receives a token or a secret.',
  states: {
    fresh: ['Fresh', 'Every call gets it at once.'],
    stale: ['Stale', 'Calls still get it, while the next one is fetched.'],
    expired: [
      'Expired',
      'Calls wait for the next one, or fail at once during a backoff.',
    ],
    empty: [
      'No token',
      'Calls wait for the first one, or fail at once during a backoff.',
    ],
    rejected: ['Secret rejected', 'PortOne does not accept the API secret.'],
    none: ['Not running', ''],
  },
  expires: 'Expires in',
  renews: 'Renews in',
  retries: 'Tries again in',
  now: 'now',
  none: 'none',
  counters: 'Since the start',
  tokenCalls: 'Token calls',
  apiCalls: 'API calls',
  refused: '401s',
  healed: 'Healed',
  waiting: 'Waiting now',
  try: 'Try it',
  failed: 'The button had no effect: the shop did not answer.',
  buttons: {
    revoke: ['Revoke the token', 'the next call is answered 401'],
    requests: ['Send 200 requests', 'at once, through the shop'],
    'login/down': ['Take the login down', 'token calls answer 503'],
    'login/up': ['Bring the login up', 'it is down now'],
    'login/slow': ['Slow the login', 'token calls take 3 s longer'],
    'login/fast': ['Make the login fast', 'it is slow now'],
    'permission/take': ['Take TX_UPDATE away', 'from the next token on'],
    'permission/give': ['Give TX_UPDATE back', 'from the next token on'],
    'webhook/signed': ['Send a webhook', 'signed as PortOne signs'],
    'webhook/forged': ['Send a forged webhook', 'signed with another secret'],
    'instance/start': ['Start another instance', 'with the same API secret'],
    'instance/kill': ['Kill the other instance', 'it is running now'],
  },
  latency: 'What visitors of the shop see, last 60 s',
  answered: 'answered',
  notAnswered: 'failed',
  renewal: 'new token',
  chart: ({ count, failed, median, slowest, renewals }) =>
    count === 0
      ? 'No request yet.'
      : `${count} requests, ${failed} failed. Median ${median} ms, slowest ${slowest} ms. New tokens: ${renewals}.`,
  timeline: 'What happened',
  permissions: 'Permissions',
  held: 'Our token holds:',
  route: 'Route, and what it needs',
  answer: 'Our token',
  has: 'has it',
  lacks: 'lacks it: 403',
  other: 'Another instance',
  otherNote: (left) => `Its token expires in ${left}.`,
  shared:
    'Both share one token through Redis: one of them calls PortOne, the other adopts.',
  alone:
    'No Redis here (REDIS_URL or redis-server), so each instance keeps a token of its own.',
  second: 'Other instance: ',
  happenings: {
    acquired: (it) => `Logged in: a token for ${seconds(it.expiresInMs)}`,
    renewed: (it) =>
      `Renewed by ${it.method} in ${it.durationMs} ms, ${CAUSES[it.cause]}`,
    adopted: () => 'Adopted the token of the fleet, without a token call',
    'renewal-failed': (it) =>
      `Renewal failed (${REASONS[it.reason] ?? it.reason}); again in ${seconds(it.retryAfterMs)}`,
    invalidated: () => 'Answered 401: the token is replaced',
    replayed: (it) =>
      it.outcome === 'healed'
        ? 'Healed: the call was sent again and accepted'
        : 'Not healed: the new token was refused as well',
    'renewals-paused': (it) =>
      `Renewals because of 401s pause for ${seconds(it.pausedForMs)}`,
    'credentials-rejected': () => 'PortOne rejected the API secret',
    'permissions-changed': (it) =>
      `Permissions changed: ${[...it.added.map((name) => `+${name}`), ...it.removed.map((name) => `−${name}`)].join(', ')}`,
    'permission-denied': (it) => `${it.route} denied: ${it.reason}`,
    revoked: () => 'Token revoked',
    requests: (it) =>
      `${it.count} requests: ${it.ok} answered 200, in ${it.durationMs} ms`,
    'login-down': () => 'Login down: token calls answer 503',
    'login-up': () => 'Login up again',
    'login-slow': () => 'Login slow: 3 s longer',
    'login-fast': () => 'Login fast again',
    'permission-taken': () => 'TX_UPDATE taken away',
    'permission-given': () => 'TX_UPDATE given back',
    webhook: (it) =>
      `${it.isForged ? 'Forged webhook' : 'Webhook'} ${it.status < 300 ? 'accepted' : 'refused'}: ${it.status}`,
    'instance-started': () => 'Another instance started',
    'instance-killed': () => 'The other instance was killed',
  },
};
