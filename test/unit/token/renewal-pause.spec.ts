import { beforeEach, describe, expect, it } from '@jest/globals';
import { RenewalPause } from '../../../lib/token/life/renewal-pause.js';
import { VirtualTime } from '../../support/virtual-time.js';

let time: VirtualTime;
let pause: RenewalPause;
let begun: number[];

describe('The pause of forced renewals', () => {
  beforeEach(() => {
    time = new VirtualTime();
    begun = [];
    pause = new RenewalPause(time.clock, { paused: (_, ms) => begun.push(ms) });
  });

  it('lasts 10 s, and admits no renewal meanwhile', async () => {
    expect(pause.admits()).toBe(true);
    pause.beginOnceFor('a');
    expect(pause.remainingMs).toBe(10_000);
    expect(pause.admits()).toBe(false);
    await time.advance(10_000);
    expect(pause.remainingMs).toBe(0);
    expect(pause.admits()).toBe(true);
  });

  it('counts one refused token once', async () => {
    pause.beginOnceFor('a');
    await time.advance(10_000);
    pause.beginOnceFor('a');
    expect(begun).toEqual([10_000]);
  });

  it('lasts twice as long each time, up to 60 s', async () => {
    for (const token of 'abcde') {
      pause.beginOnceFor(token);
      await time.advance(pause.remainingMs);
    }
    expect(begun).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('starts from 10 s again after a quiet pause length', async () => {
    pause.beginOnceFor('a');
    await time.advance(10_000 + 10_000);
    pause.beginOnceFor('b');
    expect(begun).toEqual([10_000, 10_000]);
  });

  it('ends with a newly committed token, and is longer the next time', () => {
    pause.beginOnceFor('a');
    pause.end();
    expect(pause.remainingMs).toBe(0);
    pause.beginOnceFor('b');
    expect(begun).toEqual([10_000, 20_000]);
  });

  it('begins when more than 20 renewals were forced within a minute', async () => {
    for (let forced = 0; forced < 20; forced += 1) {
      expect(pause.admits()).toBe(true);
      await time.advance(1_000);
    }
    expect(pause.admits()).toBe(false);
    expect(begun).toEqual([10_000]);
  });

  it('does not begin when they are spread over more than a minute', async () => {
    for (let forced = 0; forced < 40; forced += 1) {
      expect(pause.admits()).toBe(true);
      await time.advance(3_001);
    }
    expect(begun).toEqual([]);
  });

  it('is not begun a second time by a token that began it, whatever was refused meanwhile', async () => {
    pause.beginOnceFor('a');
    pause.beginOnceFor('b');
    await time.advance(10_000);
    pause.beginOnceFor('a');
    expect(begun).toEqual([10_000]);
  });
});
