import { timer, type SchedulerLike, type Subscription } from 'rxjs';

/** A body that nothing reads any more needs no timer; one that is being read is in reach. */
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

  /** The answer of a call, or that it has failed. */
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
