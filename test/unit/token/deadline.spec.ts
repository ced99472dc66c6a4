import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/token/renewal/deadline.js';
import { VirtualTime } from '../../support/virtual-time.js';

const never = new Promise<never>(() => undefined);

function openDeadline(ms: number) {
  const time = new VirtualTime();
  const controller = new AbortController();
  const { clock, scheduler } = time;
  const deadline = new Deadline(ms, clock, scheduler, controller);
  return { time, controller, deadline };
}

describe('A deadline', () => {
  it('counts the time of all runs together, but not the time between them', async () => {
    const { time, deadline } = openDeadline(100);
    await deadline.run(() => time.advance(60));
    await time.advance(1_000);
    let ended: unknown;
    const second = deadline
      .run(() => never)
      .catch((error: unknown) => (ended = error));
    await time.advance(39);
    expect(ended).toBeUndefined();
    await time.advance(1);
    expect(String(await second)).toContain(
      'PortOne did not answer within 100 ms',
    );
  });

  it('ends when the signal is aborted from outside; a later run starts no work', async () => {
    const { controller, deadline } = openDeadline(100);
    const running = deadline.run(() => never);
    controller.abort(new Error('closing'));
    await expect(running).rejects.toThrow('closing');
    let hasBegun = false;
    const later = deadline.run(async () => (hasBegun = true));
    await expect(later).rejects.toThrow('closing');
    expect(hasBegun).toBe(false);
  });

  it('is overdue when the machine slept longer than its time, even if no timer has fired', async () => {
    const { time, deadline } = openDeadline(100);
    time.skewWallClock(1_000);
    expect(deadline.isOverdue).toBe(false);
    const running = deadline.run(() => never).catch(() => undefined);
    time.skewWallClock(1_100);
    expect(deadline.isOverdue).toBe(false);
    time.skewWallClock(1_101);
    expect(deadline.isOverdue).toBe(true);
    await time.advance(100);
    await running;
    expect(deadline.isOverdue).toBe(false);
  });
});
