import { decodeJwt } from 'jose';
import { PortOneAuthClient } from '../../../lib/portone/portone-auth.client.js';
import type { TokenAnswer } from '../../../lib/portone/token-answer.js';
import { TokenCallFailure } from '../../../lib/portone/token-call.failure.js';

/** How PortOne treats token calls. */
export type Mood =
  /** Token calls are answered. */
  | 'well'
  /** Token calls are answered when the test calls `release()`. */
  | 'slow'
  /** 503. */
  | 'down'
  /** 429 with a `Retry-After` of 2 min. */
  | 'busy'
  /** The connection breaks before PortOne has handled the call. */
  | 'cut'
  /** The connection breaks after PortOne has handled the call. */
  | 'lost'
  /** PortOne repeats the last answer, or the one before it. */
  | 'repeats'
  | 'repeats an older one'
  /** The pair in the answer expired a minute ago. */
  | 'expired';

interface Held {
  answer(): void;
}

interface TokenCallListener {
  tokenCallBegins(kind: 'login' | 'refresh', credential: string): void;
  answered(accessToken: string): void;
  tokenCallEnds(): void;
}

const LIFETIME_S = 1_800;
const REFRESH_LIFETIME_S = 86_400;
const RETRY_AFTER_MS = 120_000;

const segment = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** PortOne without a network: its two token calls, and whether it accepts an access token. */
export class ScriptedPortOne extends PortOneAuthClient {
  mood: Mood = 'well';
  secret = 'secret-0';
  refusesAll = false;
  readonly #accepted = new Set<string>();
  readonly #pairs: TokenAnswer[] = [];
  #refreshToken?: string;
  readonly #held = new Set<Held>();

  constructor(
    private readonly now: () => number,
    private readonly listener: TokenCallListener,
  ) {
    super({ baseURL: 'http://127.0.0.1:9' });
  }

  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  override login(secret: string, signal: AbortSignal): Promise<TokenAnswer> {
    return this.#call('login', secret, signal, () => secret === this.secret);
  }

  override refresh(token: string, signal: AbortSignal): Promise<TokenAnswer> {
    return this.#call(
      'refresh',
      token,
      signal,
      () =>
        token === this.#refreshToken &&
        decodeJwt(token).exp! * 1_000 > this.now(),
    );
  }

  /** Answers the slow calls. */
  release(): void {
    for (const { answer } of this.#held) answer();
  }

  revokeAccessTokens(): void {
    this.#accepted.clear();
  }

  revokeRefreshToken(): void {
    this.#refreshToken = undefined;
  }

  accepts(accessToken: string): boolean {
    const { exp = 0 } = decodeJwt(accessToken);
    return (
      !this.refusesAll &&
      this.#accepted.has(accessToken) &&
      exp * 1_000 > this.now()
    );
  }

  async #call(
    kind: 'login' | 'refresh',
    credential: string,
    signal: AbortSignal,
    isGood: () => boolean,
  ): Promise<TokenAnswer> {
    this.listener.tokenCallBegins(kind, credential);
    try {
      if (this.mood === 'slow') await this.#hold(signal);
      else await Promise.resolve();
      const answer = this.#answer(isGood);
      this.listener.answered(answer.accessToken);
      return answer;
    } finally {
      this.listener.tokenCallEnds();
    }
  }

  #hold(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const held = {
        answer: () => {
          this.#held.delete(held);
          resolve();
        },
      };
      this.#held.add(held);
      signal.addEventListener('abort', () => {
        this.#held.delete(held);
        reject(failed('PORTONE_TOKEN_NETWORK'));
      });
    });
  }

  #answer(isGood: () => boolean): TokenAnswer {
    const repeated = this.#pairs.at(this.mood === 'repeats' ? -1 : -2);
    switch (this.mood) {
      case 'down':
        throw failed('PORTONE_TOKEN_STATUS');
      case 'busy':
        throw failed('PORTONE_TOKEN_STATUS', { retryAfterMs: RETRY_AFTER_MS });
      case 'cut':
        throw failed('PORTONE_TOKEN_NETWORK');
      case 'expired':
        return this.#sign(-LIFETIME_S - 60);
      case 'repeats':
      case 'repeats an older one':
        if (repeated) return { ...repeated, answeredAt: this.#date };
    }
    if (!isGood()) throw failed('PORTONE_TOKEN_STATUS', { rejected: true });
    const pair = this.#sign(0);
    this.#pairs.push(pair);
    this.#accepted.add(pair.accessToken);
    this.#refreshToken = pair.refreshToken;
    if (this.mood === 'lost') throw failed('PORTONE_TOKEN_NETWORK');
    return pair;
  }

  get #date(): number {
    return Math.floor(this.now() / 1_000) * 1_000;
  }

  #serial = 0;

  #sign(shiftS: number): TokenAnswer {
    const iat = this.#date / 1_000 + shiftS;
    const claims = { iat, exp: iat + LIFETIME_S };
    const refreshClaims = { iat, exp: iat + REFRESH_LIFETIME_S };
    const signature = `s${(this.#serial += 1)}`;
    const jwt = (payload: object) =>
      `${segment({ alg: 'ES256' })}.${segment(payload)}.${signature}`;
    return {
      accessToken: jwt(claims),
      refreshToken: jwt(refreshClaims),
      claims,
      refreshClaims,
      answeredAt: this.#date,
    };
  }
}

const failed = (
  reason: 'PORTONE_TOKEN_STATUS' | 'PORTONE_TOKEN_NETWORK',
  facts: TokenCallFailure['facts'] = {},
) => new TokenCallFailure(reason, 'as told', facts);
