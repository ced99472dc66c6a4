import type { Clock, Instant } from '../../../lib/time/clock.js';
import { elapsed } from './elapsed.js';

const FORCED_LIMIT = 20;
const FORCED_WINDOW_MS = 60_000;

/** 401s force at most 20 renewals a minute, none while they pause, and a new token that is refused begins a pause. */
export class PauseRule {
  #pause?: { readonly at: Instant; readonly lengthMs: number };
  #forced: Instant[] = [];
  #unhealed?: string;
  #hasAccepted = false;
  readonly #counted = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly broken: (rule: string) => void,
  ) {}

  get isOn(): boolean {
    const pause = this.#pause;
    return !!pause && elapsed(this.clock, pause.at) < pause.lengthMs;
  }

  /** Nothing but a 401 or `invalidate()` can have asked for this renewal. */
  forced(isInvalidated: boolean): void {
    if (this.isOn && !this.#hasAccepted && !isInvalidated)
      this.broken('a renewal forced within a pause');
    this.#forced = this.#forced.filter(
      (at) => elapsed(this.clock, at) < FORCED_WINDOW_MS,
    );
    this.#forced.push(this.clock.now());
    if (this.#forced.length > FORCED_LIMIT)
      this.broken('more than 20 renewals forced within a minute');
  }

  invalidated(): void {
    if (this.isOn) this.broken('invalidated within a pause');
  }

  /** The current token, got after a call had been refused, was refused to the same call. */
  unhealed(token: string): void {
    if (!this.isOn && !this.#counted.has(token)) this.#unhealed = token;
  }

  /** The endpoint accepts tokens: its next 401 may force a renewal, pause or not. */
  accepted(): void {
    this.#hasAccepted = true;
  }

  began(lengthMs: number): void {
    this.#hasAccepted = false;
    this.#pause = { at: this.clock.now(), lengthMs };
  }

  ended(): void {
    this.#pause = undefined;
    this.#unhealed = undefined;
  }

  check(): void {
    const token = this.#unhealed;
    this.#unhealed = undefined;
    if (!this.isOn && token) this.broken('no pause after a refused replay');
    if (token) this.#counted.add(token);
  }
}
