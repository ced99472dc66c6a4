interface Caller {
  /** Left out for calls that cannot be aborted. */
  readonly controller: AbortController | undefined;
  isSettled: boolean;
  answer: unknown;
}

/** All callers, and whether their promises have settled. */
export class Callers {
  readonly #all: Caller[] = [];

  get isAnyWaiting(): boolean {
    return this.#all.some(({ isSettled }) => !isSettled);
  }

  /** Whether a caller still waits although it has aborted its call. */
  get isAnyStuck(): boolean {
    return this.#all.some(
      ({ controller, isSettled }) => controller?.signal.aborted && !isSettled,
    );
  }

  /** The answer to the last caller; undefined for an error. */
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

  /** Aborts the call of one waiting caller, if there is one that can be aborted. */
  giveUp(at: number): void {
    const waiting = this.#all.filter(
      ({ controller, isSettled }) => controller && !isSettled,
    );
    waiting[at % waiting.length]?.controller?.abort();
  }
}
