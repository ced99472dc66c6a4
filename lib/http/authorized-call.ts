import {
  isAxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { TokenService } from '../token/token.service.js';
import { answerOf, attempt, type Attempt } from './attempt.js';
import { finalUrl } from './final-url.js';
import { isReplayable } from './replayable-body.js';
import { drain } from './stream.js';
import { waitForToken } from './wait-for-token.js';

/** One, and one more when the first was with a token that may have been revoked along with the refused one. */
const MOST_REPLAYS = 2;

/** One request with our token, from the wait for one to the answer; replayed when the token was refused. */
export class AuthorizedCall {
  private replayed = false;

  constructor(
    private readonly tokens: TokenService,
    private readonly scheduler: SchedulerLike,
    private readonly adapter: AxiosAdapter,
    private readonly config: InternalAxiosRequestConfig,
  ) {}

  /** What the adapter answers; throws what it rejects with, or why there was no token. */
  async answer(): Promise<AxiosResponse> {
    const replayable = isReplayable(this.config.data);
    try {
      const token =
        this.tokens.peekAccessToken() ??
        (await this.wait(this.tokens.getAccessToken()));
      this.tokens.attached();
      const first = await this.attempt(token);
      if (!first.isRefused) {
        this.tokens.accepted(this.endpoint);
        return answerOf(first);
      }
      if (replayable && mayRetry(this.config))
        return answerOf(await this.heal(first, token));
      // The next call may have a better token; this one has its answer.
      this.tokens.notReplayed(token, this.endpoint());
      return answerOf(first);
    } catch (error) {
      if (isAxiosError(error))
        error.portoneAuth = { replayed: this.replayed, replayable };
      throw error;
    }
  }

  /** Replays with another token; the refusal stands when there is none. */
  private async heal(refused: Attempt, token: string): Promise<Attempt> {
    let last = refused;
    let refusedToken = token;
    for (let replays = 0; replays < MOST_REPLAYS; replays += 1) {
      const next = await this.replacementFor(refusedToken, last);
      if (!next) return last;
      drain(last.response?.data);
      this.replayed = true;
      last = await this.attempt(next.accessToken);
      if (!last.isRefused) {
        this.tokens.healed(next, this.endpoint());
        return last;
      }
      if (this.tokens.unhealed(next, this.endpoint())) return last;
      refusedToken = next.accessToken;
    }
    return last;
  }

  private async replacementFor(token: string, refused: Attempt) {
    try {
      const next = this.tokens.replacementFor(token, this.endpoint());
      return await this.wait(
        next ? Promise.resolve(next) : this.tokens.newerElsewhere(),
      );
    } catch (error) {
      drain(refused.response?.data);
      throw error;
    }
  }

  /** What a 401 is remembered for: the method, and the URL without its query. */
  private readonly endpoint = (): string => {
    const { method = 'get' } = this.config;
    const url = finalUrl(this.config);
    return `${method} ${url?.origin}${url?.pathname}`;
  };

  private attempt(token: string): Promise<Attempt> {
    return attempt(this.adapter, this.config, token);
  }

  private wait<T>(token: Promise<T>): Promise<T> {
    return waitForToken(token, this.config, this.scheduler);
  }
}

const mayRetry = ({ portoneAuth }: InternalAxiosRequestConfig): boolean =>
  !(
    typeof portoneAuth === 'object' &&
    Object.hasOwn(portoneAuth, 'retry') &&
    portoneAuth.retry === false
  );
