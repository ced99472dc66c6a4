import type { Fleet } from './fleet.js';

/** A steady stream of requests, to each instance in turn, as a load balancer sends them. */
export class Traffic {
  answered = 0;
  /** Answers other than 200, and requests without an answer. */
  failed = 0;
  private turn = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly fleet: Fleet,
    everyMs: number,
  ) {
    this.timer = setInterval(() => {
      const request = this.request().finally(() =>
        this.pending.delete(request),
      );
      this.pending.add(request);
    }, everyMs);
  }

  /** Stops sending, and waits for the requests that are already sent. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
  }

  private async request(): Promise<void> {
    const { serving } = this.fleet;
    const instance = serving[(this.turn += 1) % serving.length];
    try {
      const response = await fetch(`${instance?.url}/sales`);
      await response.arrayBuffer();
      this.answered += 1;
      if (response.status !== 200) this.failed += 1;
    } catch {
      // The instance was killed during the request: as a load balancer does, send it to the next one.
      if (instance && !instance.isServing) await this.request();
      else this.failed += 1;
    }
  }
}
