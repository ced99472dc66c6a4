import {
  setTimeout as realTimeout,
  setInterval as realInterval,
} from 'node:timers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, timer } from 'rxjs';
import { within } from '../../../lib/redis/within.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { holdProcess } from '../../../lib/time/timers.js';
import { unrefScheduler } from '../../../lib/time/unref-scheduler.js';

/** jsdom's timers are numbers, and it has no `setImmediate`. */
describe('Where timers are numbers, as in the environment of jsdom', () => {
  const given = pick();
  let timers: NodeJS.Timeout[] = [];

  function pick() {
    const {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      clearInterval,
    } = globalThis;
    return {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      clearInterval,
    };
  }

  beforeEach(() => {
    timers = [];
    const numbered =
      (arm: (...args: never[]) => NodeJS.Timeout) =>
      (...args: never[]) =>
        timers.push(arm(...args)) - 1;
    const clear = (id: number) => clearTimeout(timers[id]);
    const { clearTimeout } = given;
    Object.assign(globalThis, {
      setTimeout: numbered(realTimeout as never),
      setInterval: numbered(realInterval as never),
      setImmediate: undefined,
      clearTimeout: clear,
      clearInterval: clear,
    });
  });
  afterEach(() => {
    Object.assign(globalThis, given);
    for (const timer of timers) clearTimeout(timer);
  });

  it('the schedule of renewals waits', async () => {
    expect(await firstValueFrom(timer(1, unrefScheduler))).toBe(0);
  });

  it('holdProcess() holds and releases the process', () => {
    expect(() => holdProcess()()).not.toThrow();
  });

  it('a command to Redis has a time limit', async () => {
    expect(await within(1_000, Promise.resolve('PONG'))).toBe('PONG');
    await expect(within(1, new Promise(() => undefined))).rejects.toThrow(
      'did not answer in time',
    );
  });

  it('the emulator sends a slow drip', async () => {
    const portone = await PortOneEmulator.start();
    portone.fail('api', { kind: 'slow-drip', intervalMs: 1 });
    const { body, status } = await fetch(`${portone.url}/payments/payment-1`);
    const reader = body!.getReader();
    await reader.read();
    expect(status).toBe(200);
    await reader.cancel();
    await portone.stop();
  });
});
