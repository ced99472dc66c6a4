import { AsyncLocalStorage } from 'node:async_hooks';
import { Observable } from 'rxjs';

/** Runs `work` in one fixed async context, whatever the async context of the caller is. */
export type InContext = <T>(work: () => T) => T;

/**
 * The current async context, for work that several callers share. Such work must not run, log or be traced as part of the
 * request that happens to start it. Call this in a constructor, because an import may run inside a request (serverless).
 */
export const contextOfNow = (): InContext => AsyncLocalStorage.snapshot();

/** `source`, subscribed to in that context, so that its timers do not keep the storage of a request in memory. */
export const subscribedIn = <T>(
  inContext: InContext,
  source: Observable<T>,
): Observable<T> =>
  new Observable((subscriber) => inContext(() => source.subscribe(subscriber)));
