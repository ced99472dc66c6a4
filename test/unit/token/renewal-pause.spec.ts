import { beforeEach, describe, expect, it } from '@jest/globals';
import { RenewalPause } from '../../../lib/token/life/renewal-pause.js';
import type { Cure } from '../../../lib/store/sealed-pair.js';
import { VirtualTime } from '../../support/virtual-time.js';

const ODD = 'get https://api/odd';
const OTHER = 'get https://api/other';
const CURE = { endpoints: [], pauseMs: 0 };

let time: VirtualTime;
let pause: RenewalPause;
let begun: number[];

const refusesCure = (endpoint: string, cure: Cure, by = pause): boolean =>
  by.refusedCureOfOther(endpoint, cure, time.clock.now());

describe('The pause of forced renewals', () => {
  beforeEach(() => {
    time = new VirtualTime();
    begun = [];
    pause = new RenewalPause(time.clock, { paused: (_, ms) => begun.push(ms) });
  });

  it('lasts 1 s at first, and the endpoint that began it forces nothing meanwhile', async () => {
    expect(pause.tryToForce(ODD)).toBe(true);
    pause.unhealed('a', ODD, CURE);
    expect(pause.leftMs).toBe(1_000);
    expect(pause.tryToForce(ODD)).toBe(false);
    await time.advance(1_000);
    expect(pause.leftMs).toBe(0);
    expect(pause.tryToForce(ODD)).toBe(true);
  });

  it('counts one refused token once', async () => {
    pause.unhealed('a', ODD, CURE);
    pause.unhealed('a', OTHER, CURE);
    await time.advance(1_000);
    pause.unhealed('a', ODD, CURE);
    expect(begun).toEqual([1_000]);
  });

  it('lasts 20 s the second time, then twice as long each time, up to 60 s', async () => {
    for (const token of 'abcde') {
      pause.unhealed(token, ODD, CURE);
      await time.advance(pause.leftMs);
    }
    expect(begun).toEqual([1_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('starts from 1 s again after 20 quiet seconds', async () => {
    pause.unhealed('a', ODD, CURE);
    await time.advance(1_000 + 19_999);
    pause.unhealed('b', ODD, CURE);
    expect(begun).toEqual([1_000, 20_000]);
    await time.advance(20_000 + 20_000);
    pause.unhealed('c', ODD, CURE);
    expect(begun).toEqual([1_000, 20_000, 1_000]);
  });

  it('starts again, as long as before, when the endpoint refuses yet another token in it', async () => {
    pause.unhealed('a', ODD, CURE);
    await time.advance(900);
    pause.unhealed('b', ODD, CURE);
    expect(pause.leftMs).toBe(1_000);
    expect(begun).toEqual([1_000]);
  });

  it('ends with a newly committed token, and is longer the next time', () => {
    pause.unhealed('a', ODD, CURE);
    pause.end();
    expect(pause.leftMs).toBe(0);
    pause.unhealed('b', ODD, CURE);
    expect(begun).toEqual([1_000, 20_000]);
  });

  it('does not hold back an endpoint that has accepted a token since it began', () => {
    pause.unhealed('a', ODD, CURE);
    pause.accepted(OTHER);
    for (let times = 0; times < 10; times += 1)
      expect(pause.tryToForce(OTHER)).toBe(true);
  });

  it('lets endpoints that are not known force three renewals, and more only after one that helped', () => {
    const forced = (name: string) =>
      pause.tryToForce(`get https://api/${name}`);
    pause.unhealed('a', ODD, CURE);
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

  it('judges an endpoint that was not called before by those that differ in an id only', () => {
    const at = (id: string) => `get https://api/payments/${id}/cancel`;
    pause.unhealed('a', at('id-1'), CURE);
    pause.unhealed('b', at('id-2'), CURE);
    expect(pause.tryToForce(at('id-3'))).toBe(false);
    pause.accepted('get https://api/payments/id-1');
    for (let id = 2; id < 10; id += 1)
      expect(pause.tryToForce(`get https://api/payments/id-${id}`)).toBe(true);
    // Of another method or host nothing is known: three chances.
    const unknown = ['put https://api', 'get https://other'];
    for (const start of [...unknown, unknown[0]])
      expect(pause.tryToForce(`${start}/payments/id-3/cancel`)).toBe(true);
    expect(pause.tryToForce(`${unknown[1]}/payments/id-4/cancel`)).toBe(false);
  });

  it('leaves it to the chances when some of them accept tokens and some refuse all', () => {
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

  it('doubts an endpoint for a second that accepted an older token and refuses the new one; its next refusal is no doubt', async () => {
    pause.unhealed('a', ODD, CURE);
    await time.advance(1_000);
    pause.unhealed('b', ODD, CURE);
    pause.accepted(OTHER);
    expect(pause.tryToForce(OTHER)).toBe(true);
    // The same token, refused to two calls.
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

  it('lasts as long as where the refused token was fetched, in a fleet', () => {
    pause.unhealed('a', ODD, { endpoints: [], pauseMs: 40_000 });
    pause.unhealed('b', ODD, { endpoints: [], pauseMs: 20_000 });
    expect(pause.leftMs).toBe(40_000);
    pause.unhealed('c', ODD, { endpoints: [], pauseMs: 60_000 });
    expect(pause.leftMs).toBe(60_000);
    expect(begun).toEqual([40_000]);
  });

  it('tells other instances which endpoints refuse such tokens, by hash, and how long the next pause is', async () => {
    pause.suspectedBy(ODD);
    const first = pause.cure;
    expect(first).toEqual({ endpoints: [expect.any(String)], pauseMs: 1_000 });
    expect(JSON.stringify(first)).not.toContain('odd');
    pause.unhealed('a', ODD, first);
    await time.advance(1_000);
    pause.suspectedBy(OTHER);
    const second = pause.cure;
    expect(second).toMatchObject({ pauseMs: 20_000 });
    const elsewhere = new RenewalPause(time.clock, { paused: () => undefined });
    expect(refusesCure(ODD, first, elsewhere)).toBe(true);
    expect(refusesCure(OTHER, first, elsewhere)).toBe(false);
    expect(refusesCure(ODD, second, elsewhere)).toBe(true);
    expect(refusesCure(OTHER, second, elsewhere)).toBe(true);
    const fetched = time.clock.now();
    await time.advance(20_000);
    expect(elsewhere.refusedCureOfOther(ODD, second, fetched)).toBe(false);
    expect(elsewhere.cure.pauseMs).toBe(40_000);
  });

  it('holds back calls of which no endpoint is known', () => {
    expect(pause.tryToForce(undefined)).toBe(true);
    pause.unhealed('a', ODD, CURE);
    expect(pause.tryToForce(undefined)).toBe(false);
  });

  it('remembers no endpoint before the first trouble, nor long after the last', async () => {
    expect(pause.isWatching).toBe(false);
    pause.unhealed('a', ODD, CURE);
    expect(pause.isWatching).toBe(true);
    expect(refusesCure(ODD, CURE)).toBe(true);
    await time.advance(21_000);
    pause.accepted(OTHER);
    expect(pause.isWatching).toBe(false);
    expect(refusesCure(ODD, CURE)).toBe(false);
  });

  it('remembers 256 endpoints', () => {
    pause.unhealed('a', ODD, CURE);
    for (let at = 0; at < 255; at += 1) pause.accepted(`${OTHER}/${at}`);
    expect(refusesCure(ODD, CURE)).toBe(true);
    pause.accepted(OTHER);
    expect(refusesCure(ODD, CURE)).toBe(false);
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

  it('does not begin when they are spread over more than a minute', async () => {
    for (let forced = 0; forced < 40; forced += 1) {
      expect(pause.tryToForce(OTHER)).toBe(true);
      await time.advance(3_001);
    }
    expect(begun).toEqual([]);
  });
});
