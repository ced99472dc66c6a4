import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import type { Mood } from './model/scripted-portone.js';
import { TokenWorld } from './model/token-world.js';

/** One step of the model. A step that is not possible now does nothing. */
const step = (
  name: string,
  run: (world: TokenWorld) => unknown,
): fc.AsyncCommand<object, TokenWorld> => ({
  check: () => true,
  run: async (_, world) => {
    await run(world);
    await world.settle();
    expect(world.check()).toEqual([]);
  },
  toString: () => name,
});

const fixed = (name: string, run: (world: TokenWorld) => unknown) =>
  fc.constant(step(name, run));

const MOODS: Mood[] = [
  'well',
  'down',
  'busy',
  'cut',
  'lost',
  'repeats',
  'repeats an older one',
  'expired',
];
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const STEPS = [
  fixed('a call', (world) => world.request()),
  fixed('a caller asks for the token', (world) => world.getAccessToken()),
  fc
    .nat({ max: 9 })
    .map((at) =>
      step(`caller ${at} gives up`, ({ callers }) => callers.giveUp(at)),
    ),
  fc
    .constantFrom(SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 24 * MINUTE, HOUR)
    .map((ms) => step(`${ms} ms pass`, (world) => world.advance(ms))),
  fc.constantFrom(...MOODS).map((mood) =>
    step(`PortOne: ${mood}`, ({ portone }) => {
      portone.mood = mood;
    }),
  ),
  fixed('PortOne is slow', ({ portone }) => {
    portone.mood = 'slow';
  }),
  fixed('PortOne is well, and answers', ({ portone }) => {
    portone.mood = 'well';
    portone.release();
  }),
  fixed('PortOne answers', ({ portone }) => portone.release()),
  fixed('PortOne revokes access tokens', ({ portone }) =>
    portone.revokeAccessTokens(),
  ),
  fixed('another process logs in', ({ portone }) =>
    portone.revokeRefreshToken(),
  ),
  fc.boolean().map((refusesAll) =>
    step(
      `the API refuses ${refusesAll ? 'every token' : 'revoked tokens only'}`,
      ({ portone }) => {
        portone.refusesAll = refusesAll;
      },
    ),
  ),
  fc.boolean().map((isSlow) =>
    step(`the API is ${isSlow ? 'slow' : 'quick'}`, ({ api }) => {
      api.isSlow = isSlow;
      if (!isSlow) api.release();
    }),
  ),
  fixed('a storm of revocations', async (world) => {
    for (let round = 0; round < 25; round += 1) {
      world.portone.revokeAccessTokens();
      world.request();
      await world.settle();
    }
  }),
  fc
    .constantFrom(10 * SECOND, 10 * MINUTE, HOUR, 25 * HOUR)
    .map((ms) =>
      step(`the machine sleeps ${ms} ms`, (world) => world.sleep(ms)),
    ),
  fc
    .constantFrom(-HOUR, 0, HOUR)
    .map((ms) =>
      step(`the wall clock is wrong by ${ms} ms`, (world) => world.jump(ms)),
    ),
  fixed('PortOne changes the secret', ({ portone }) => {
    portone.secret += '+';
  }),
  fixed('the app learns the secret', (world) => {
    world.secret = world.portone.secret;
  }),
  fixed('the secret manager is down', (world) => {
    world.secret = undefined;
  }),
  fixed('renew()', (world) => world.renew()),
  fixed('invalidate()', (world) => world.invalidate()),
];
const END = fixed('the module is destroyed', (world) => world.close());

function begin(random: number): TokenWorld {
  const world = new TokenWorld(random);
  world.start();
  return world;
}

describe("A token's life, whatever happens", () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it('a repeated older answer does not replace a newer token', async () => {
    const world = begin(0);
    const { portone } = world;
    world.request();
    await world.advance(25 * MINUTE);
    portone.mood = 'repeats an older one';
    await world.renew();
    expect(world.check()).toEqual([]);
    expect(world.callers.lastAnswer).toBeUndefined();
  });

  it('a repeated answer does not bring an expired token back', async () => {
    const world = begin(0);
    const { portone, callers } = world;
    world.request();
    await world.settle();
    portone.mood = 'repeats';
    await world.advance(31 * MINUTE);
    world.getAccessToken();
    await world.settle();
    expect(callers.lastAnswer).toBeUndefined();
    await world.heal();
    expect(world.check()).toEqual([]);
  });

  it('a token fetched because of a 401 begins the pause when it is refused as well', async () => {
    const world = begin(0);
    const { api, portone } = world;
    api.isSlow = true;
    world.request();
    await world.settle();
    await world.renew();
    portone.refusesAll = true;
    world.sleep(HOUR);
    api.isSlow = false;
    api.release();
    await world.settle();
    expect(world.check()).toEqual([]);
    expect(world.pausedForMs).toBe(1_000);
  });

  it('a token fetched because of a 401 begins the pause when it is refused as well, also after a renewal that was overdue after a suspend', async () => {
    const world = begin(0);
    const { portone } = world;
    world.request();
    await world.settle();
    portone.mood = 'slow';
    await world.advance(24 * MINUTE);
    portone.refusesAll = true;
    world.request();
    await world.settle();
    world.sleep(10 * SECOND);
    world.request();
    await world.settle();
    portone.release();
    await world.settle();
    expect(world.check()).toEqual([]);
    expect(world.pausedForMs).toBe(1_000);
  });

  it('a renewal that brings the same token again does not end the pause', async () => {
    const world = begin(0);
    const { portone } = world;
    portone.refusesAll = true;
    world.request();
    await world.settle();
    portone.mood = 'repeats';
    await world.renew();
    portone.mood = 'well';
    world.request();
    await world.settle();
    expect(world.check()).toEqual([]);
    expect(world.pausedForMs).toBe(1_000);
  });

  it('keeps the rules: one token call at a time, none without need, no good token lost, a result for every caller', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 99 }),
        fc.commands([...STEPS, ...STEPS, END], {
          maxCommands: 60,
          size: 'max',
        }),
        fc.boolean(),
        async (percent, steps, isCutShort) => {
          const world = begin(percent / 100);
          await fc.asyncModelRun(() => ({ model: {}, real: world }), steps);
          if (!isCutShort) await world.heal();
          world.close();
          await world.settle();
          expect(world.check()).toEqual([]);
          await world.heal();
          expect(world.check()).toEqual([]);
        },
      ),
      {
        // The same runs each time, so that only a change of the code can make them fail; `SEED=… RUNS=2000` explores further.
        seed: Number(process.env['SEED'] ?? 20_261_125),
        numRuns: Number(process.env['RUNS'] ?? 400),
        // Also limits the shrinking of a failure; the smallest failure found until then is reported.
        interruptAfterTimeLimit: 40_000,
      },
    );
  }, 120_000);
});
