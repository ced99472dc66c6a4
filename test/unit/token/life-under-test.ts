import { TokenCallFailure } from '../../../lib/portone/token-call.failure.js';
import { elapsed, type Instant } from '../../../lib/time/clock.js';
import type { Cure } from '../../../lib/store/sealed-pair.js';
import type {
  ChainedToken,
  HeldToken,
} from '../../../lib/token/life/held-token.js';
import { TokenLife } from '../../../lib/token/life/token-life.js';
import type { Fact } from './life-facts.js';

const MINUTE = 60_000;
const STORM_MS = 10_000;

/** A life that gets facts as from a renewal and its callers. A fact that cannot happen now is ignored. */
export class LifeUnderTest {
  readonly life: TokenLife;
  /** The lengths of all pauses that have begun. */
  readonly pauses: number[] = [];
  isRenewing = false;
  /** The answer of {@link TokenLife} to the last fact; undefined when the fact was ignored. */
  answer?: boolean;
  #forcedAt: Instant[] = [];
  #mono = 0;
  #skew = 0;
  #tokens = 0;
  #cure?: Cure;

  constructor(readonly random: number) {
    const reports = {
      committed: () => undefined,
      failed: () => undefined,
      recovered: () => undefined,
      invalidated: () => undefined,
      paused: (_: string, ms: number) => void this.pauses.push(ms),
    };
    const options = {
      client: 'model',
      apiSecret: { isDynamic: true },
      renewal: {
        at: 0.8,
        jitter: 0.05,
        backoff: { initial: 1_000, max: MINUTE },
      },
      clock: this.clock,
      random: () => random,
    };
    this.life = new TokenLife(options, reports);
  }

  readonly clock = {
    now: (): Instant => ({
      monotonic: this.#mono,
      wall: this.#mono + this.#skew,
    }),
  };

  since(at: Instant): number {
    return elapsed(this.clock, at);
  }

  /** How many renewals 401s and `invalidate()` have started in the minute before the last of them. */
  get forced(): number {
    return this.#forcedAt.length;
  }

  /** Whether the pause has begun because of too many forced renewals. */
  get isStorm(): boolean {
    return this.life.pausedForMs > 0 && this.pauses.at(-1) === STORM_MS;
  }

  tell(told: Fact): void {
    this.answer = undefined;
    const { life } = this;
    const { held } = life;
    switch (told.fact) {
      case 'passes':
        this.#mono += told.ms;
        return;
      case 'wall clock jumps':
        this.#skew = told.ms;
        return;
      case 'renewal begins':
        if (!life.isBackingOff) this.#begin(told.isByApp);
        return;
      case 'renewal ends without a newer token':
        if (this.isRenewing) life.renewalEnded();
        this.isRenewing = false;
        return;
      case 'token comes':
        if (this.isRenewing)
          this.#commit(this.#token(told.lifetimeMs, told.isAdopted));
        return;
      case 'the same token comes again':
        if (this.isRenewing && held) this.#commit(held.token);
        return;
      case 'renewal fails':
        this.#fail({ retryAfterMs: told.retryAfterMs });
        return;
      case 'secret is rejected':
        life.secretGiven(told.secret);
        if (!life.isRejected(told.secret))
          this.#fail({ rejected: true }, told.secret);
        return;
      case 'refused':
        if (held)
          this.#force(() => life.refused(held.accessToken, told.endpoint));
        return;
      case 'not replayed':
        if (held)
          this.#force(() =>
            life.refusedWithoutReplay(held.accessToken, told.endpoint),
          );
        return;
      case 'healed':
        if (held) life.healed(told.endpoint);
        return;
      case 'unhealed':
        if (held) this.answer = life.unhealed(held, told.endpoint);
        return;
      case 'accepted':
        if (held) life.accepted(() => told.endpoint);
        return;
      case 'storm of revocations':
        for (let round = 0; round < 25; round += 1)
          this.#revoked(told.endpoint);
        return;
      case 'invalidated':
        if (held) this.#force(() => life.invalidated(held.accessToken));
    }
  }

  #revoked(endpoint: string): void {
    this.tell({ fact: 'refused', endpoint });
    const lifetimeMs = 30 * MINUTE;
    this.tell({ fact: 'token comes', lifetimeMs, isAdopted: false });
    this.tell({ fact: 'healed', endpoint });
  }

  /** An admitted fact begins a renewal. The renewal is counted, unless one is in flight or the backoff alone decides. */
  #force(ask: () => boolean): void {
    const { lastError, pausedForMs } = this.life;
    const isCounted = !this.isRenewing && (!lastError || pausedForMs > 0);
    this.answer = ask();
    if (!this.answer) return;
    if (isCounted)
      this.#forcedAt = [
        ...this.#forcedAt.filter((at) => this.since(at) < MINUTE),
        this.clock.now(),
      ];
    if (!this.life.isBackingOff) this.#begin(false);
  }

  #begin(isByApp: boolean): void {
    if (this.isRenewing) return;
    this.isRenewing = true;
    this.life.renewalBegan(isByApp);
    this.#cure = this.life.cure;
  }

  #commit(token: ChainedToken): HeldToken {
    this.isRenewing = false;
    return this.life.renewed(token);
  }

  #fail(facts: TokenCallFailure['facts'], secret?: string): void {
    if (!this.isRenewing) return;
    this.isRenewing = false;
    const failure = new TokenCallFailure('PORTONE_TOKEN_STATUS', 'x', facts);
    this.life.failed(failure, secret);
  }

  #token(lifetimeMs: number, isAdopted: boolean): ChainedToken {
    this.#tokens += 1;
    return {
      accessToken: `token-${this.#tokens}`,
      claims: { iat: 0, exp: 1 },
      chain: 'chain',
      generation: this.#tokens,
      method: isAdopted ? 'adopted' : 'refresh',
      ...(this.#cure && { cure: this.#cure }),
      since: this.clock.now(),
      lifetimeMs,
    };
  }
}
