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

/** Long waits are taken in steps: `setTimeout` overflows, and timers stand still while a machine is suspended. */
const LONGEST_STEP_MS = 60_000;

/**
 * Emits when a renewal is due. Each emission of `rearm$` (a renewal has ended, or the token was discarded) starts a new wait
 * of `dueInMs()`, which is asked again after each step of the wait; undefined means that there is nothing to wait for. The
 * timers run in the async context `inContext`, whichever request has caused the emission.
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
