import { beforeEach, describe, expect, it } from '@jest/globals';
import { RenewalPause } from '../../../lib/token/life/renewal-pause.js';
import type { Cure } from '../../../lib/store/sealed-pair.js';
import { VirtualTime } from '../../support/virtual-time.js';

const REFUSING = 'get https://api/refusing';
const OTHER = 'get https://api/other';
const CURE = { endpoints: [], pauseMs: 0 };

let time: VirtualTime;
let pause: RenewalPause;
let begun: number[];

/** Whether an endpoint that has refused a cure of another instance is known to refuse cures. */
const refusesCure = (endpoint: string, cure: Cure, by = pause): boolean =>
  by.refusedCureOfOther(endpoint, cure, time.clock.now());

describe('The pause of forced renewals', () => {
  beforeEach(() => {
    time = new VirtualTime();
    begun = [];
    pause = new RenewalPause(time.clock, { paused: (_, ms) => begun.push(ms) });
  });

  it('lasts 1 s the first time, and the endpoint that caused it forces no renewal during it', async () => {
    expect(pause.tryToForce(REFUSING)).toBe(true);
    pause.unhealed('a', REFUSING, CURE);
    expect(pause.leftMs).toBe(1_000);
    expect(pause.tryToForce(REFUSING)).toBe(false);
    await time.advance(1_000);
    expect(pause.leftMs).toBe(0);
    expect(pause.tryToForce(REFUSING)).toBe(true);
  });

  it('counts each refused token once', async () => {
    pause.unhealed('a', REFUSING, CURE);
    pause.unhealed('a', OTHER, CURE);
    await time.advance(1_000);
    pause.unhealed('a', REFUSING, CURE);
    expect(begun).toEqual([1_000]);
  });

  it('lasts 20 s the second time, then twice as long each time, up to 60 s', async () => {
    for (const token of 'abcde') {
      pause.unhealed(token, REFUSING, CURE);
      await time.advance(pause.leftMs);
    }
    expect(begun).toEqual([1_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('lasts 1 s again after 20 quiet seconds', async () => {
    pause.unhealed('a', REFUSING, CURE);
    await time.advance(1_000 + 19_999);
    pause.unhealed('b', REFUSING, CURE);
    expect(begun).toEqual([1_000, 20_000]);
    await time.advance(20_000 + 20_000);
    pause.unhealed('c', REFUSING, CURE);
    expect(begun).toEqual([1_000, 20_000, 1_000]);
  });

  it('starts again with the same length when the endpoint refuses another token during it', async () => {
    pause.unhealed('a', REFUSING, CURE);
    await time.advance(900);
    pause.unhealed('b', REFUSING, CURE);
    expect(pause.leftMs).toBe(1_000);
    expect(begun).toEqual([1_000]);
  });

  it('ends when a new token comes, and is longer the next time', () => {
    pause.unhealed('a', REFUSING, CURE);
    pause.end();
    expect(pause.leftMs).toBe(0);
    pause.unhealed('b', REFUSING, CURE);
    expect(begun).toEqual([1_000, 20_000]);
  });

  it('does not stop an endpoint that has accepted a token since the pause began', () => {
    pause.unhealed('a', REFUSING, CURE);
    pause.accepted(OTHER);
    for (let times = 0; times < 10; times += 1)
      expect(pause.tryToForce(OTHER)).toBe(true);
  });

  it('lets unknown endpoints force three renewals, and three more after one that helped', () => {
    const forced = (name: string) =>
      pause.tryToForce(`get https://api/${name}`);
    pause.unhealed('a', REFUSING, CURE);
    expect(['one', 'two', 'three', 'four'].map(forced)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    pause.suspectedBy('get https://api/three');
    pause.healed('get https://api/four');
    expect(['five'].map(forced)).toEqual([false]);
    pause.healed('get https://api/three');
    expect(['five', 'six', 'seven', 'eight'].map(forced)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('judges an unknown endpoint by endpoints that differ only in an id', () => {
    const at = (id: string) => `get https://api/payments/${id}/cancel`;
    pause.unhealed('a', at('id-1'), CURE);
    pause.unhealed('b', at('id-2'), CURE);
    expect(pause.tryToForce(at('id-3'))).toBe(false);
    pause.accepted('get https://api/payments/id-1');
    for (let id = 2; id < 10; id += 1)
      expect(pause.tryToForce(`get https://api/payments/id-${id}`)).toBe(true);
    // Endpoints of another method or host are unknown: they share three chances.
    const unknown = ['put https://api', 'get https://other'];
    for (const start of [...unknown, unknown[0]])
      expect(pause.tryToForce(`${start}/payments/id-3/cancel`)).toBe(true);
    expect(pause.tryToForce(`${unknown[1]}/payments/id-4/cancel`)).toBe(false);
  });

  it('treats an endpoint as unknown when endpoints of its kind both accept and refuse tokens', () => {
    const at = (id: number) => `get https://api/payments/id-${id}`;
    for (const id of [1, 2, 3]) pause.unhealed(`t${id}`, at(id), CURE);
    pause.accepted(at(4));
    expect([5, 6, 7, 8].map((id) => pause.tryToForce(at(id)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('stops an endpoint for a second when it has accepted an older token and refuses a new one, and for the whole pause when it refuses the next one too', async () => {
    pause.unhealed('a', REFUSING, CURE);
    await time.advance(1_000);
    pause.unhealed('b', REFUSING, CURE);
    pause.accepted(OTHER);
    expect(pause.tryToForce(OTHER)).toBe(true);
    // Two calls are refused with the same token.
    pause.unhealed('c', OTHER, CURE);
    pause.unhealed('c', OTHER, CURE);
    expect(pause.tryToForce(OTHER)).toBe(false);
    await time.advance(1_000);
    expect(pause.tryToForce(OTHER)).toBe(true);
    pause.unhealed('d', OTHER, CURE);
    await time.advance(1_000);
    expect(pause.tryToForce(OTHER)).toBe(false);
    expect(pause.leftMs).toBe(19_000);
  });

  it('lasts at least as long as the pause of the instance that fetched the refused token', () => {
    pause.unhealed('a', REFUSING, { endpoints: [], pauseMs: 40_000 });
    pause.unhealed('b', REFUSING, { endpoints: [], pauseMs: 20_000 });
    expect(pause.leftMs).toBe(40_000);
    pause.unhealed('c', REFUSING, { endpoints: [], pauseMs: 60_000 });
    expect(pause.leftMs).toBe(60_000);
    expect(begun).toEqual([40_000]);
  });

  it('gives other instances the hashes of refusing endpoints and the length of the next pause', async () => {
    pause.suspectedBy(REFUSING);
    const first = pause.cure;
    expect(first).toEqual({ endpoints: [expect.any(String)], pauseMs: 1_000 });
    expect(JSON.stringify(first)).not.toContain('refusing');
    pause.unhealed('a', REFUSING, first);
    await time.advance(1_000);
    pause.suspectedBy(OTHER);
    const second = pause.cure;
    expect(second).toMatchObject({ pauseMs: 20_000 });
    const elsewhere = new RenewalPause(time.clock, { paused: () => undefined });
    expect(refusesCure(REFUSING, first, elsewhere)).toBe(true);
    expect(refusesCure(OTHER, first, elsewhere)).toBe(false);
    expect(refusesCure(REFUSING, second, elsewhere)).toBe(true);
    expect(refusesCure(OTHER, second, elsewhere)).toBe(true);
    const fetched = time.clock.now();
    await time.advance(20_000);
    expect(elsewhere.refusedCureOfOther(REFUSING, second, fetched)).toBe(false);
    expect(elsewhere.cure.pauseMs).toBe(40_000);
  });

  it('goes on when an older cure of another instance is refused meanwhile', async () => {
    const fetched = time.clock.now();
    pause.suspectedBy(OTHER);
    const { cure } = pause;
    await time.advance(1_000);
    pause.unhealed('a', REFUSING, CURE);
    expect(pause.refusedCureOfOther(OTHER, cure, fetched)).toBe(false);
    expect(pause.leftMs).toBe(1_000);
  });

  it('stops forced renewals without an endpoint, such as those of invalidate()', () => {
    expect(pause.tryToForce(undefined)).toBe(true);
    pause.unhealed('a', REFUSING, CURE);
    expect(pause.tryToForce(undefined)).toBe(false);
  });

  it('remembers no endpoint before the first refused replay, nor long after the last one', async () => {
    expect(pause.isWatching).toBe(false);
    pause.unhealed('a', REFUSING, CURE);
    expect(pause.isWatching).toBe(true);
    expect(refusesCure(REFUSING, CURE)).toBe(true);
    await time.advance(21_000);
    pause.accepted(OTHER);
    expect(pause.isWatching).toBe(false);
    expect(refusesCure(REFUSING, CURE)).toBe(false);
  });

  it('remembers 256 endpoints', () => {
    pause.unhealed('a', REFUSING, CURE);
    for (let at = 0; at < 255; at += 1) pause.accepted(`${OTHER}/${at}`);
    expect(refusesCure(REFUSING, CURE)).toBe(true);
    pause.accepted(OTHER);
    expect(refusesCure(REFUSING, CURE)).toBe(false);
  });

  it('begins for all endpoints when more than 20 renewals were forced within a minute', async () => {
    for (let forced = 0; forced < 20; forced += 1) {
      expect(pause.tryToForce(OTHER)).toBe(true);
      await time.advance(1_000);
    }
    expect(pause.tryToForce(OTHER)).toBe(false);
    pause.accepted(OTHER);
    expect(pause.tryToForce(OTHER)).toBe(false);
    expect(begun).toEqual([10_000]);
  });

  it('does not begin when the forced renewals are spread over more than a minute', async () => {
    for (let forced = 0; forced < 40; forced += 1) {
      expect(pause.tryToForce(OTHER)).toBe(true);
      await time.advance(3_001);
    }
    expect(begun).toEqual([]);
  });
});
