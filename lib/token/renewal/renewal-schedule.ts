import {
  defer,
  EMPTY,
  of,
  switchMap,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { subscribedIn, type InContext } from '../../time/async-context.js';

/** A long wait is divided into steps, because `setTimeout` overflows and timers stop while a machine is suspended. */
const LONGEST_STEP_MS = 60_000;

/**
 * Emits when a renewal is due. Each emission of `rearm$` (a renewal has ended, or the token was discarded) starts a new wait
 * of `dueInMs()` milliseconds, which is computed again after each step; when it is undefined, there is no wait. The timers
 * run in the async context `inContext`, not in that of the request that caused the emission.
 */
export function renewalSchedule(
  rearm$: Observable<unknown>,
  dueInMs: () => number | undefined,
  scheduler: SchedulerLike,
  inContext: InContext,
): Observable<unknown> {
  const wait$: Observable<unknown> = defer(() => {
    const due = dueInMs();
    if (due === undefined) return EMPTY;
    if (due <= 0) return of(undefined);
    return timer(Math.min(Math.ceil(due), LONGEST_STEP_MS), scheduler).pipe(
      switchMap(() => wait$),
    );
  });
  return rearm$.pipe(switchMap(() => subscribedIn(inContext, wait$)));
}
