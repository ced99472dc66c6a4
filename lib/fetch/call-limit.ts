import { timer, type SchedulerLike, type Subscription } from 'rxjs';

/** Stops the timer of a body that is garbage-collected. A body that is being read is still referenced and keeps its timer. */
const bodies = new FinalizationRegistry<Subscription>((limit) =>
  limit.unsubscribe(),
);

/** Limits a call and the body of its answer to the client's `timeout`. The signal aborts as `AbortSignal.timeout()` does. */
export class CallLimit {
  readonly signal: AbortSignal;
  private readonly limit: Subscription;

  constructor(ms: number, scheduler: SchedulerLike) {
    const controller = new AbortController();
    this.signal = controller.signal;
    this.limit = timer(ms, scheduler).subscribe(() =>
      controller.abort(
        new DOMException(
          `The operation was aborted due to timeout: ${ms} ms`,
          'TimeoutError',
        ),
      ),
    );
  }

  /** Settles as `answer` does. If the answer has a body, the limit then applies to the body; if not, it ends. */
  async bound(answer: Promise<Response>): Promise<Response> {
    let body: ReadableStream | null = null;
    try {
      const response = await answer;
      ({ body } = response);
      return response;
    } finally {
      if (body) bodies.register(body, this.limit);
      else this.limit.unsubscribe();
    }
  }
}
