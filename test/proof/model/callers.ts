interface Caller {
  /** Left out for calls that cannot be given up. */
  readonly controller: AbortController | undefined;
  isSettled: boolean;
  answer: unknown;
}

/** The callers and what they were promised. */
export class Callers {
  readonly #all: Caller[] = [];

  get isAnyWaiting(): boolean {
    return this.#all.some(({ isSettled }) => !isSettled);
  }

  /** Whether one has given up, and waits all the same. */
  get isAnyKept(): boolean {
    return this.#all.some(
      ({ controller, isSettled }) => controller?.signal.aborted && !isSettled,
    );
  }

  /** What the last caller was answered; undefined for an error. */
  get lastAnswer(): unknown {
    return this.#all.at(-1)?.answer;
  }

  add(promise: Promise<unknown>, controller?: AbortController): void {
    const caller: Caller = { controller, isSettled: false, answer: undefined };
    this.#all.push(caller);
    promise
      .then((answer) => (caller.answer = answer))
      .catch(() => undefined)
      .finally(() => (caller.isSettled = true));
  }

  /** One of the waiting callers gives up, if it may. */
  giveUp(at: number): void {
    const waiting = this.#all.filter(
      ({ controller, isSettled }) => controller && !isSettled,
    );
    waiting[at % waiting.length]?.controller?.abort();
  }
}
