import { beforeEach, describe, expect, it } from '@jest/globals';
import { UnknownEndpoints } from '../../../lib/token/life/unknown-endpoints.js';

let unknown: UnknownEndpoints;

/** Reports `refusals` 401s in a row. Returns which of them may force a renewal, counted from 1. */
const forcing = (refusals: number): number[] =>
  Array.from({ length: refusals }, (_, at) => at + 1).filter(() =>
    unknown.mayForce(),
  );

describe('Unknown endpoints', () => {
  beforeEach(() => {
    unknown = new UnknownEndpoints();
  });

  it('force three renewals, and no more while no endpoint accepts a token', () => {
    expect(forcing(1_000)).toEqual([1, 2, 3]);
  });

  it('force another renewal by 6 401s in a row to an accepted token; the next run is 6 times as long', () => {
    forcing(3);
    for (const run of [6, 36, 216]) {
      unknown.accepted();
      expect(forcing(1_000)).toEqual([run]);
    }
  });

  it('begin a new run whenever a token is accepted', () => {
    forcing(3);
    for (let times = 0; times < 100; times += 1) {
      unknown.accepted();
      expect(forcing(5)).toEqual([]);
    }
  });

  it('start again after a renewal that helped', () => {
    forcing(3);
    unknown.reset();
    expect(forcing(10)).toEqual([1, 2, 3]);
  });
});
