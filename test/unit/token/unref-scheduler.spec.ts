import {
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { interval, take, timer } from 'rxjs';
import { unrefScheduler } from '../../../lib/time/unref-scheduler.js';

/** RxJS uses this scheduler only, and the scheduler sets Jest's fake timers. */
describe('The scheduler of the app', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('fires each time an interval is due', () => {
    const fired: number[] = [];
    const subscription = interval(1_000, unrefScheduler).subscribe((n) =>
      fired.push(n),
    );
    jest.advanceTimersByTime(999);
    expect(fired).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(fired).toEqual([0]);
    jest.advanceTimersByTime(2_000);
    expect(fired).toEqual([0, 1, 2]);
    subscription.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sets no new timer when the subscriber unsubscribes while the timer fires', () => {
    interval(1_000, unrefScheduler).pipe(take(1)).subscribe();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not fire at once for a delay that is too long for setTimeout', () => {
    let hasFired = false;
    const due = 60 * 86_400_000;
    const subscription = timer(due, unrefScheduler).subscribe(() => {
      hasFired = true;
    });
    jest.advanceTimersByTime(86_400_000);
    expect(hasFired).toBe(false);
    subscription.unsubscribe();
  });
});
