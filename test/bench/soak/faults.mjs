import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from './random.mjs';

const TOKEN_FAULTS = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429 },
  { kind: 'hang' },
  { kind: 'delay', ms: 100 },
  { kind: 'reset-before-answer' },
  { kind: 'reset-mid-answer' },
  { kind: 'headers-then-hang' },
  { kind: 'slow-drip' },
  { kind: 'truncated' },
  { kind: 'garbage' },
  { kind: 'html' },
  { kind: 'html-401' },
  { kind: 'empty-body' },
  { kind: 'broken-json' },
  { kind: 'missing-tokens' },
  { kind: 'access-token-only' },
  { kind: 'expired-tokens' },
  { kind: 'malformed-tokens' },
  { kind: 'exp-not-after-iat' },
];

/** Faults of the API itself, which no client can avoid, and the cause that a worker reports for each. */
const API_FAULTS = [
  { fault: { kind: 'status', status: 503 }, cause: 'status 503' },
  { fault: { kind: 'reset-before-answer' }, cause: 'ECONNRESET' },
];

/**
 * Plays one random fault after another until the time is over. Each one ends before the next begins, because two at the same time,
 * such as a revoked token during an outage, make calls fail that no client can save.
 */
export async function playFaults(portone, { seconds, seed }) {
  const random = createRandom(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const played = { 'token calls': 0, 'revoked refresh tokens': 0 };
  Object.assign(played, { 'revoked access tokens': 0, '401s': 0, API: 0 });
  const excused = {};
  const kinds = {
    async 'token calls'() {
      await portone.tell('fail', 'tokens', pick(TOKEN_FAULTS), {
        times: 1,
        processed: random() < 0.5,
      });
    },
    async 'revoked refresh tokens'() {
      await portone.tell('revokeRefreshTokens');
    },
    async 'revoked access tokens'() {
      await portone.tell('revokeAccessTokens');
    },
    async '401s'() {
      const fault = { kind: 'status', status: 401 };
      await portone.tell('fail', 'api', fault, { times: 1 });
    },
    async API() {
      const { fault, cause } = pick(API_FAULTS);
      const times = 1 + Math.floor(random() * 3);
      excused[cause] = (excused[cause] ?? 0) + times;
      await portone.tell('fail', 'api', fault, { times });
    },
  };
  const forcing = ['revoked access tokens', '401s'];
  const quiet = ['token calls', 'token calls', 'revoked refresh tokens', 'API'];

  const endsAt = performance.now() + seconds * 1000;
  let last;
  while (performance.now() < endsAt - 3_000) {
    // Never two forced renewals in a row: the module pauses after more than 20 in a minute.
    const kind = pick(forcing.includes(last) ? quiet : [...quiet, ...forcing]);
    await kinds[kind]();
    played[kind] += 1;
    last = kind;
    await wait(800 + random() * 700);
    await portone.tell('heal');
    await wait(500);
  }
  return { played: { faults: 'times', ...played }, excused };
}
