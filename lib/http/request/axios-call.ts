import {
  isAxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { Attempt, AuthorizedRequest } from '../../call/authorized-call.js';
import { isReplayable } from '../../call/replayable-body.js';
import type { Clock } from '../../time/clock.js';
import { asAxiosError } from './as-axios-error.js';
import { attempt, copyOf } from './attempt.js';
import { finalUrl } from '../token-origin.js';
import { timeoutError, waitForToken } from './wait-for-token.js';

/** A request of axios, sent by the adapter that it would use without us. */
export class AxiosCall implements AuthorizedRequest<AxiosResponse> {
  private readonly isReplayable: boolean;
  private readonly startedAt: number;
  private attempts = 0;
  private hasWaited = false;

  constructor(
    private readonly adapter: AxiosAdapter,
    private readonly config: InternalAxiosRequestConfig,
    private readonly copy: InternalAxiosRequestConfig,
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
  ) {
    this.isReplayable = isReplayable(copy.data);
    this.startedAt = clock.now().monotonic;
  }

  get mayReplay(): boolean {
    const { portoneAuth } = this.config;
    return (
      this.isReplayable &&
      !(
        typeof portoneAuth === 'object' &&
        Object.hasOwn(portoneAuth, 'retry') &&
        portoneAuth.retry === false
      )
    );
  }

  endpoint(): string {
    const { method = 'get' } = this.copy;
    const url = finalUrl(this.copy);
    return `${method.toUpperCase()} ${url?.origin}${url?.pathname}`;
  }

  attempt(token: string): Promise<Attempt<AxiosResponse>> {
    const { adapter, config, copy, scheduler } = this;
    const sent = this.attempts === 0 ? copy : copyOf(copy);
    this.attempts += 1;
    if (this.hasWaited) this.limit(sent);
    return attempt(adapter, config, sent, token, scheduler);
  }

  wait<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.hasWaited = true;
    return waitForToken(work, this.config, this.leftMs(), this.scheduler);
  }

  failure(error: unknown): unknown {
    const failure = asAxiosError(error, this.config);
    if (isAxiosError(failure))
      failure.portoneAuth = {
        replayed: this.attempts > 1,
        replayable: this.isReplayable,
      };
    return failure;
  }

  /** `timeout` limits the whole call, but an adapter starts to count again with each attempt. */
  private limit(sent: InternalAxiosRequestConfig): void {
    const leftMs = this.leftMs();
    if (leftMs === undefined) return;
    if (leftMs <= 0) throw timeoutError(this.config);
    sent.timeout = Math.ceil(leftMs);
    sent.timeoutErrorMessage ??= `timeout of ${this.config.timeout}ms exceeded`;
  }

  /** What is left of `timeout`; undefined without a timeout, and for one that axios does not accept. */
  private leftMs(): number | undefined {
    const timeout = Number(this.config.timeout);
    return timeout > 0
      ? timeout - (this.clock.now().monotonic - this.startedAt)
      : undefined;
  }
}
