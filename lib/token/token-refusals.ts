import type { HeldToken } from './held-token.js';
import type { Renewal } from './renewal.js';
import type { RenewalPause } from './renewal-pause.js';
import type { Replacement } from './replacement.js';

interface Dependencies {
  readonly renewal: Renewal;
  readonly pause: RenewalPause;
  readonly held: () => HeldToken | undefined;
  /** The access token that serves callers now. */
  readonly peek: () => string | undefined;
  readonly discard: (held: HeldToken) => void;
}

/** What 401s do: each is about one token, and renews it as long as that helps. */
export class TokenRefusals {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The token to replay a call with whose token was refused, or undefined when the refusal has to stand. The refused
   * token goes on serving others until a renewal has brought a better one.
   */
  async replacementFor(refused: string): Promise<Replacement | undefined> {
    const { renewal, held: current, peek, discard } = this.#deps;
    const held = current();
    const isCurrent = held?.accessToken === refused;
    if (held && !isCurrent && peek()) {
      return { token: held.accessToken, isNew: false };
    }
    if (isCurrent && !renewal.isUnderWay) {
      if (!this.admits()) return undefined;
      if (held.mayBeDead) discard(held);
    }
    const next = await renewal.join('forced');
    const isNew = !next.isAdopted && !next.mayBeEarlier;
    return { token: next.accessToken, isNew };
  }

  /** A call that is not replayed was refused: the token is renewed for the next one, unless that has just been tried. */
  notReplayed(refused: string): void {
    const { renewal, held: current, discard } = this.#deps;
    const held = current();
    if (held?.accessToken !== refused || renewal.isUnderWay) return;
    if (!this.admitsUnheard(refused)) return;
    if (held.mayBeDead) discard(held);
    else renewal.nudge('forced');
  }

  /** For `invalidate`: nobody says whether the next token helped either. */
  invalidated(refused: string): void {
    const held = this.#deps.held();
    if (held?.accessToken !== refused || held.isDiscarded) return;
    if (this.admitsUnheard(refused)) this.#deps.discard(held);
  }

  /**
   * A token that was issued after a refusal has been refused as well: no renewal heals this, so 401s force none for a while.
   * What another 401 has brought meanwhile is no better.
   */
  unhealed(refused: string): void {
    const { pause, held } = this.#deps;
    const current = held()?.accessToken;
    if (current === refused || pause.hasJustBrought(current))
      pause.beginOnceFor(refused);
  }

  /** Without a replay nobody hears whether the next token is refused as well. That it is refused so soon says the same. */
  private admitsUnheard(refused: string): boolean {
    return !this.#deps.pause.hasJustBrought(refused) && this.admits();
  }

  /** Does not count what begins no renewal, or one more in a row of failures: that is the backoff's affair. */
  private admits(): boolean {
    const { pause, renewal } = this.#deps;
    if (pause.remainingMs > 0) return false;
    return !renewal.isAtRest || pause.admits();
  }
}
