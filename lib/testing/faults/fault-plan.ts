import { checkFault, type Fault, type FaultOptions } from './fault.js';
import { partsOf, type FaultTarget, type TargetPart } from './fault-target.js';

/** The fault for a request, and whether the request still takes effect. */
export interface PlannedFault {
  fault: Fault;
  processed: boolean;
}

interface Rule extends PlannedFault {
  parts: readonly TargetPart[];
  left: number;
}

/** Decides which fault a request gets, if any. */
export class FaultPlan {
  #rules: Rule[] = [];

  add(target: FaultTarget, fault: Fault, options: FaultOptions = {}): void {
    checkFault(fault);
    const left = options.times ?? Infinity;
    const rule: Rule = {
      parts: partsOf(target),
      fault,
      processed: options.processed ?? false,
      left,
    };
    // A fault without `times` replaces the earlier fault without `times` of the same target.
    if (left === Infinity)
      this.#remove(rule.parts, (other) => other.left === Infinity);
    this.#rules.push(rule);
  }

  heal(target?: FaultTarget): void {
    if (target === undefined) this.#rules = [];
    else this.#remove(partsOf(target), () => true);
  }

  /** The oldest matching fault with `times`; if there is none, the newest matching fault without `times`. */
  take(request: { method: string; url: string }): PlannedFault | undefined {
    const due = this.#rules.filter(
      ({ parts, left }) =>
        left > 0 && parts.some((part) => part.matches(request)),
    );
    const rule = due.find(({ left }) => left !== Infinity) ?? due.at(-1);
    if (!rule) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules.splice(this.#rules.indexOf(rule), 1);
    return rule;
  }

  #remove(parts: readonly TargetPart[], which: (rule: Rule) => boolean): void {
    const keys = new Set(parts.map(({ key }) => key));
    for (const rule of this.#rules.filter(which))
      rule.parts = rule.parts.filter(({ key }) => !keys.has(key));
    this.#rules = this.#rules.filter(({ parts: left }) => left.length > 0);
  }
}
