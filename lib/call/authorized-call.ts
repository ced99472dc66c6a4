import type { CallTokens } from '../token/call-tokens.js';
import type { HeldToken } from '../token/life/held-token.js';
import type { TokenService } from '../token/token.service.js';

/** Two: a token adopted from another instance may have been revoked together with the refused one. */
const MAX_REPLAYS = 2;

/** How one attempt ended. */
export interface Attempt<Answer> {
  /** The API answered 401. A 401 of a server that a redirect led to does not count. */
  readonly isRefused: boolean;
  /** Returns the answer for the caller, or throws the caller's error. */
  result(): Answer;
  /** Frees the connection of a refused answer that the caller does not get. */
  letGo(): void;
}

/** One request of a caller, on axios or fetch. */
export interface AuthorizedRequest<Answer> {
  /** Whether a refused attempt may be made again. */
  readonly mayReplay: boolean;
  /** The name under which a 401 is remembered: the method, and the URL without its query. */
  endpoint(): string;
  attempt(token: string): Promise<Attempt<Answer>>;
  /** Waits for `work`. The caller's timeout or signal ends the wait. */
  wait<T>(work: (signal?: AbortSignal) => Promise<T>): Promise<T>;
  /** Turns an error into the one that the caller gets. */
  failure(error: unknown): unknown;
}

/** Waits for a token, sends the request, and replays it after a 401. The rule is the same for axios and fetch. */
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
    // This call is not replayed, but the token is renewed for later calls.
    tokens.calls.notReplayed(token, request.endpoint());
    return first.result();
  } catch (error) {
    throw request.failure(error);
  }
}

/** Replays with another token. Without another token the 401 is the answer. */
async function heal<Answer>(
  { calls }: TokenService,
  request: AuthorizedRequest<Answer>,
  refused: Attempt<Answer>,
  token: string,
): Promise<Attempt<Answer>> {
  const endpoint = request.endpoint();
  let last = refused;
  let refusedToken = token;
  for (let replays = 0; replays < MAX_REPLAYS; replays += 1) {
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

/** The token for the next attempt; undefined when there is none. Then the refused answer is kept, because the caller gets it. */
async function replacement<Answer>(
  calls: CallTokens,
  request: AuthorizedRequest<Answer>,
  refused: Attempt<Answer>,
  token: string,
): Promise<HeldToken | undefined> {
  const next = calls.replacementFor(token, request.endpoint());
  if (next) {
    // Freed before the wait: in a pool of one connection, the token call or the replay needs this connection.
    refused.letGo();
    return request.wait(next);
  }
  let newer: HeldToken | undefined;
  try {
    newer = await request.wait((signal) => calls.newerFromStore(signal));
  } catch (error) {
    refused.letGo();
    throw error;
  }
  if (newer) refused.letGo();
  return newer;
}
