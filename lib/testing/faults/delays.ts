import type { ResponseDelay } from '../emulator-options.js';
import { partsOf, type FaultTarget, type TargetPart } from './fault-target.js';

/** How long each answer is delayed. */
export class Delays {
  #rules: { part: TargetPart; delay: ResponseDelay }[] = [];

  constructor(private readonly usual: ResponseDelay = 0) {}

  set(target: FaultTarget, delay: ResponseDelay): void {
    for (const part of partsOf(target)) {
      this.#rules = this.#rules.filter(({ part: { key } }) => key !== part.key);
      this.#rules.push({ part, delay });
    }
  }

  /** In milliseconds. When several rules match, the last one counts. */
  of(request: { method: string; url: string }): number {
    const rule = this.#rules.findLast(({ part }) => part.matches(request));
    const delay = rule?.delay ?? this.usual;
    return typeof delay === 'function' ? delay() : delay;
  }
}
