import type { TokenService } from '../token/token.service.js';

/** Two, because another instance's token may have been revoked along with the refused one. */
const MOST_REPLAYS = 2;

/** How one attempt ended. */
export interface Attempt<Answer> {
  /** The API refused the token: a 401, and not one of a server that a redirect led to. */
  readonly isRefused: boolean;
  /** What the caller gets: the answer, or a throw. */
  result(): Answer;
  /** Gives the connection of a refused answer free, because the caller gets a later one. */
  letGo(): void;
}

/** One request of a caller, on axios or fetch. */
export interface AuthorizedRequest<Answer> {
  /** Whether a refused attempt may be made again. */
  readonly mayReplay: boolean;
  attempt(token: string): Promise<Attempt<Answer>>;
  /** The same promise for as long as the caller has patience. */
  wait<T>(promise: Promise<T>): Promise<T>;
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
      tokens.peekAccessToken() ?? (await request.wait(tokens.getAccessToken()));
    const first = await request.attempt(token);
    if (!first.isRefused) return first.result();
    if (request.mayReplay)
      return (await heal(tokens, request, first, token)).result();
    // The token is renewed for the next call.
    tokens.notReplayed(token);
    return first.result();
  } catch (error) {
    throw request.failure(error);
  }
}

/** Replays with another token; the 401 stays the answer when there is none. */
async function heal<Answer>(
  tokens: TokenService,
  request: AuthorizedRequest<Answer>,
  refused: Attempt<Answer>,
  token: string,
): Promise<Attempt<Answer>> {
  let last = refused;
  let refusedToken = token;
  for (let replays = 0; replays < MOST_REPLAYS; replays += 1) {
    const replacement = tokens.replacementFor(refusedToken);
    if (!replacement) return last;
    // Before the wait: with a pool of one connection the token call, or the replay, may need this one.
    last.letGo();
    const next = await request.wait(Promise.resolve(replacement));
    last = await request.attempt(next.accessToken);
    if (!last.isRefused) return last;
    if (next.isCure) {
      tokens.unhealed(next.accessToken);
      return last;
    }
    refusedToken = next.accessToken;
  }
  return last;
}
