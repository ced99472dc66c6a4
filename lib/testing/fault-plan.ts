import {
  endpointsOf,
  type EmulatedEndpoint,
  type EndpointTarget,
} from './emulator-options.js';
import type { Fault, FaultOptions } from './fault.js';

/** A fault that is due, and whether its request takes effect all the same. */
export interface PlannedFault {
  fault: Fault;
  processed: boolean;
}

interface Rule extends PlannedFault {
  endpoints: Set<EmulatedEndpoint>;
  left: number;
}

/** Decides which fault, if any, the next request of an endpoint meets. */
export class FaultPlan {
  #rules: Rule[] = [];

  add(target: EndpointTarget, fault: Fault, options: FaultOptions = {}): void {
    const left = options.times ?? Infinity;
    const rule: Rule = {
      endpoints: new Set(endpointsOf(target)),
      fault,
      processed: options.processed ?? false,
      left,
    };
    if (left !== Infinity) {
      this.#rules.push(rule);
      return;
    }
    // A standing fault takes the place of the earlier standing fault of its endpoints.
    this.#remove(target, (other) => other.left === Infinity);
    this.#rules.push(rule);
  }

  heal(target?: EndpointTarget): void {
    if (target === undefined) this.#rules = [];
    else this.#remove(target, () => true);
  }

  take(endpoint: EmulatedEndpoint): PlannedFault | undefined {
    const due = this.#rules.filter(
      (rule) => rule.endpoints.has(endpoint) && rule.left > 0,
    );
    const rule = due.find(({ left }) => left !== Infinity) ?? due[0];
    if (!rule) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules.splice(this.#rules.indexOf(rule), 1);
    return rule;
  }

  #remove(target: EndpointTarget, which: (rule: Rule) => boolean): void {
    for (const rule of this.#rules.filter(which)) {
      for (const endpoint of endpointsOf(target)) {
        rule.endpoints.delete(endpoint);
      }
    }
    this.#rules = this.#rules.filter(({ endpoints }) => endpoints.size > 0);
  }
}
