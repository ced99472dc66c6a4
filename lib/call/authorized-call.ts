import type { CallTokens } from '../token/call-tokens.js';
import type { HeldToken } from '../token/life/held-token.js';
import type { TokenService } from '../token/token.service.js';

/** Two, because another instance's token may have been revoked along with the refused one. */
const MOST_REPLAYS = 2;

/** How one attempt ended. */
export interface Attempt<Answer> {
  /** The API refused the token: a 401, and not one of a server that a redirect led to. */
  readonly isRefused: boolean;
  /** What the caller gets: the answer, or a throw. */
  result(): Answer;
  /** Frees the connection of a refused answer. The caller gets a later answer. */
  letGo(): void;
}

/** One request of a caller, on axios or fetch. */
export interface AuthorizedRequest<Answer> {
  /** Whether a refused attempt may be made again. */
  readonly mayReplay: boolean;
  /** What a 401 is remembered for: the method, and the URL without its query. */
  endpoint(): string;
  attempt(token: string): Promise<Attempt<Answer>>;
  /** Runs `work` until it ends, or until the caller's timeout or signal ends the wait. */
  wait<T>(work: (signal?: AbortSignal) => Promise<T>): Promise<T>;
  /** What the caller gets instead of an answer. */
  failure(error: unknown): unknown;
}

/** From the wait for a token to the answer: the one rule of replay, whatever carries the request. */
export async function authorizedCall<Answer>(
  tokens: TokenService,
  request: AuthorizedRequest<Answer>,
): Promise<Answer> {
  try {
    const token =
      tokens.peekAccessToken() ??
      (await request.wait((signal) => tokens.getAccessToken({ signal })));
    tokens.calls.attached();
    const first = await request.attempt(token);
    if (!first.isRefused) {
      tokens.calls.accepted(() => request.endpoint());
      return first.result();
    }
    if (request.mayReplay)
      return (await heal(tokens, request, first, token)).result();
    // The token is renewed for the next call.
    tokens.calls.notReplayed(token, request.endpoint());
    return first.result();
  } catch (error) {
    throw request.failure(error);
  }
}

/** Replays with another token; the 401 stays the answer when there is none. */
async function heal<Answer>(
  { calls }: TokenService,
  request: AuthorizedRequest<Answer>,
  refused: Attempt<Answer>,
  token: string,
): Promise<Attempt<Answer>> {
  const endpoint = request.endpoint();
  let last = refused;
  let refusedToken = token;
  for (let replays = 0; replays < MOST_REPLAYS; replays += 1) {
    const next = await replacement(calls, request, last, refusedToken);
    if (!next) return last;
    last = await request.attempt(next.accessToken);
    if (!last.isRefused) {
      calls.healed(next, endpoint);
      return last;
    }
    if (calls.unhealed(next, endpoint)) return last;
    refusedToken = next.accessToken;
  }
  return last;
}

/** The token for the next attempt. The refused answer is discarded, unless the caller gets it. */
async function replacement<Answer>(
  calls: CallTokens,
  request: AuthorizedRequest<Answer>,
  refused: Attempt<Answer>,
  token: string,
): Promise<HeldToken | undefined> {
  const next = calls.replacementFor(token, request.endpoint());
  if (next) {
    // Before the wait: with a pool of one connection the token call, or the replay, may need this one.
    refused.letGo();
    return request.wait(next);
  }
  let newer: HeldToken | undefined;
  try {
    newer = await request.wait((signal) => calls.newerElsewhere(signal));
  } catch (error) {
    refused.letGo();
    throw error;
  }
  if (newer) refused.letGo();
  return newer;
}
