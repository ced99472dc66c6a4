import { timer, type SchedulerLike, type Subscription } from 'rxjs';

/** Ends the timer of a body when the body is garbage. A body that is being read is still referenced, so it keeps its timer. */
const bodies = new FinalizationRegistry<Subscription>((limit) =>
  limit.unsubscribe(),
);

/** The client's `timeout` as a signal, as `AbortSignal.timeout()` makes it, for a call and for the body of its answer. */
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

  /** Settles as `answer` does. The limit goes on for the body of an answer, and ends at once without a body. */
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
