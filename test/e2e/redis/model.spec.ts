import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ModelFleet, type Link } from '../../support/model-fleet.js';
import { useRedis } from '../../support/redis-hooks.js';
import { RedisMonitor } from '../../support/redis-monitor.js';

const SIZE = 3;

/** One step of a scenario. A step that is not possible at the moment does nothing. */
const step = (
  name: string,
  run: (fleet: ModelFleet) => void | Promise<void>,
): fc.AsyncCommand<object, ModelFleet> => ({
  check: () => true,
  run: async (_, fleet) => {
    await run(fleet);
    await fleet.settle();
    expect(fleet.broken).toEqual([]);
  },
  toString: () => name,
});

const instance = fc.nat({ max: SIZE - 1 });
const STEPS = [
  instance.map((at) => step(`${at} begins`, (fleet) => fleet.begin(at))),
  instance.map((at) => step(`${at} begins`, (fleet) => fleet.begin(at))),
  instance.map((at) =>
    step(`PortOne answers ${at}`, (fleet) => fleet.answer(at)),
  ),
  instance.map((at) => step(`${at} commits`, (fleet) => fleet.deliver(at))),
  instance.map((at) => step(`${at} fails`, (fleet) => fleet.fail(at))),
  instance.map((at) => step(`${at} crashes`, (fleet) => fleet.crash(at))),
  fc
    .tuple(
      instance,
      fc.constantFrom<Link>('good', 'loses commands', 'loses replies'),
    )
    .map(([at, link]) =>
      step(`${at}'s link: ${link}`, (fleet) => fleet.cut(at, link)),
    ),
  fc
    .constantFrom('lock' as const, 'record' as const, 'everything' as const)
    .map((what) => step(`Redis loses ${what}`, (fleet) => fleet.lose(what))),
];

/** Every record that was written under the fleet's key, in the order in which Redis wrote it. */
async function historyOf(fleet: ModelFleet, monitor: RedisMonitor) {
  const writes = await monitor.take('set');
  return writes
    .filter(([, key]) => key === fleet.recordKey)
    .map(([, , value = '']) => value.split(' '))
    .map(([generation, sealed = '']) => ({
      generation: Number(generation),
      sealed,
      pair: Number(sealed.replace('pair-', '')),
    }));
}

const isGrowing = (numbers: number[]) =>
  numbers.every((n, i) => i === 0 || n > (numbers[i - 1] as number));

const redis = useRedis();

describe('A fleet in random scenarios', () => {
  let monitor: RedisMonitor;
  let runs = 0;

  beforeAll(async () => {
    monitor = await RedisMonitor.start(redis.url);
  });
  afterAll(() => monitor?.close());

  it('never has two renewals under one lock, a commit without the lock, a repeated generation, or an older pair after a newer one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands(STEPS, { maxCommands: 40, size: 'max' }),
        async (steps) => {
          const fleet = new ModelFleet(
            SIZE,
            redis.admin,
            `model-${(runs += 1)}`,
          );
          try {
            await fc.asyncModelRun(() => ({ model: {}, real: fleet }), steps);
          } finally {
            for (let at = 0; at < SIZE; at += 1) fleet.crash(at);
          }
          const history = await historyOf(fleet, monitor);
          expect(isGrowing(history.map(({ generation }) => generation))).toBe(
            true,
          );
          expect(isGrowing(history.map(({ pair }) => pair))).toBe(true);
          expect(
            history.filter(({ pair }) => fleet.unshared.includes(pair)),
          ).toEqual([]);
          for (const { seen, ownPairs, record } of fleet.answers) {
            if (record.generation > seen) {
              const { generation, sealed } = record;
              expect(history).toContainEqual(
                expect.objectContaining({ generation, sealed }),
              );
            } else {
              expect(record.generation).toBe(seen);
              expect(record.sealed).toBe(`pair-${ownPairs.at(-1)}`);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
