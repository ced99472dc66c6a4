import { AsyncLocalStorage } from 'node:async_hooks';
import { Observable } from 'rxjs';

/** Runs `work` in one async context, whatever the context of its caller. */
export type InContext = <T>(work: () => T) => T;

/**
 * The async context of now, for work that several callers share: what one request happens to start must not run, trace or
 * log as part of that request. Take it in a constructor: an import may run inside a request (serverless).
 */
export const contextOfNow = (): InContext => AsyncLocalStorage.snapshot();

/** `source`, subscribed to in that context: a timer that is armed there keeps no request's storage alive. */
export const subscribedIn = <T>(
  inContext: InContext,
  source: Observable<T>,
): Observable<T> =>
  new Observable((subscriber) => inContext(() => source.subscribe(subscriber)));
