import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instant } from '../../../lib/time/clock.js';
import { FACTS, SECRETS, type Fact } from './life-facts.js';
import { LifeUnderTest } from './life-under-test.js';

const MINUTE = 60_000;

/** Tells a life up to 80 facts; `rule` sees it before and after each of them, and says whether it holds. */
function holds(
  rule: (subject: LifeUnderTest, fact: Fact) => () => boolean,
  facts = FACTS.clockJumps,
): void {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(facts, { maxLength: 80, size: 'max' }),
      (random, told) => {
        const subject = new LifeUnderTest(random);
        return told.every((fact) => {
          const isKept = rule(subject, fact);
          subject.tell(fact);
          return isKept();
        });
      },
    ),
    {
      // The same runs each time; `SEED=… RUNS=50000` explores further.
      seed: Number(process.env['SEED'] ?? 20_261_129),
      numRuns: Number(process.env['RUNS'] ?? 2_000),
    },
  );
}

/** The same with something to remember from fact to fact, apart for each life. */
function remembering<T>(
  start: () => T,
  rule: (memory: T, subject: LifeUnderTest, fact: Fact) => () => boolean,
): (subject: LifeUnderTest, fact: Fact) => () => boolean {
  const memories = new WeakMap<LifeUnderTest, T>();
  return (subject, fact) => {
    const memory = memories.get(subject) ?? start();
    memories.set(subject, memory);
    return rule(memory, subject, fact);
  };
}

const endpointOf = (fact: Fact) => ('endpoint' in fact ? fact.endpoint : '');
const FORCING: Fact['fact'][] = ['refused', 'not replayed', 'invalidated'];
const isToken = ({ fact }: Fact) =>
  fact === 'token comes' ||
  fact === 'the same token comes again' ||
  fact === 'storm of revocations';
const isAcceptance = ({ fact }: Fact) =>
  fact === 'healed' || fact === 'accepted';
const isClock = ({ fact }: Fact) =>
  fact === 'passes' || fact === 'wall clock jumps';

describe("A token's life, whatever facts it is told", () => {
  it('gives callers the held token or none, and never one that is dead by both clocks', () =>
    holds(({ life }) => () => {
      const { current, held } = life;
      return !current || (current === held && current.mayBeAlive);
    }));

  it('takes a usable token away for nothing but time, another token and invalidate()', () =>
    holds(({ life }, fact) => {
      const before = life.current;
      const mayGo =
        isClock(fact) || isToken(fact) || fact.fact === 'invalidated';
      return () => mayGo || !before?.isUsable || life.current === before;
    }));

  it('gives a token beyond its safety margin only while renewals fail', () =>
    holds(({ life }) => () => {
      const { current, lastError } = life;
      return !current || current.isUsable || lastError !== undefined;
    }));

  it('plans no renewal while one is under way, and always one when there is a token or an error', () =>
    holds((subject) => () => {
      const { dueInMs, held, lastError } = subject.life;
      if (subject.isRenewing) return dueInMs === undefined;
      return (dueInMs !== undefined) === (!!held || !!lastError);
    }));

  it('is suspect from an admitted 401 on until another token comes', () =>
    holds((subject, fact) => {
      const { life } = subject;
      const { held, isSuspect: wasSuspect } = life;
      return () => {
        const isAdmitted = FORCING.includes(fact.fact) && subject.answer;
        return (
          life.held !== held ||
          fact.fact === 'storm of revocations' ||
          life.isSuspect === (wasSuspect || !!isAdmitted)
        );
      };
    }));

  it('counts failures in a row, and a token ends the row, the error and the backoff', () =>
    holds((subject, fact) => {
      const { life } = subject;
      const { held, consecutiveFailures: before } = life;
      const wasRenewing = subject.isRenewing;
      return () => {
        const { consecutiveFailures: after, lastError, isBackingOff } = life;
        if (life.held !== held)
          return after === 0 && !lastError && !isBackingOff;
        const hasFailed = wasRenewing && !subject.isRenewing;
        const isCounted =
          hasFailed && fact.fact !== 'renewal ends without news';
        return after === (isCounted ? before + 1 : before);
      };
    }));
});

describe('The backoff, whatever facts a life is told', () => {
  it('waits between the initial wait and a minute, as long as PortOne asked for, and not beyond the end of a living token', () =>
    holds((subject, fact) => {
      const { life } = subject;
      const wasRenewing = subject.isRenewing;
      const endsInMs = life.held?.endsInMs ?? 0;
      return () => {
        if (fact.fact !== 'renewal fails' || !wasRenewing) return true;
        const { dueInMs = -1 } = life;
        const asked = fact.retryAfterMs ?? 0;
        const most = endsInMs > 0 ? Math.min(MINUTE, endsInMs) : MINUTE;
        const least = endsInMs > 0 ? Math.min(1_000, endsInMs) : 1_000;
        return (
          dueInMs >= Math.max(least, asked) && dueInMs <= Math.max(most, asked)
        );
      };
    }));

  it('doubles its range with each failure that callers notice', () =>
    holds((subject, fact) => {
      const wasRenewing = subject.isRenewing;
      const { life } = subject;
      const hadToken = (life.held?.endsInMs ?? 0) > 0;
      const n = life.consecutiveFailures + 1;
      return () => {
        if (
          fact.fact !== 'renewal fails' ||
          !wasRenewing ||
          hadToken ||
          fact.retryAfterMs
        )
          return true;
        const ceiling = Math.min(MINUTE, 1_000 * 2 ** n);
        return (
          (life.dueInMs ?? 0) <=
          1_000 + subject.random * (ceiling - 1_000) + 0.001
        );
      };
    }));

  it('sends a rejected secret again after a minute at the earliest, and no other secret waits for it', () =>
    holds(
      remembering(
        () => new Map<string, Instant>(),
        (rejected, subject, fact) => {
          const { life, isRenewing } = subject;
          const { held } = life;
          const isNews =
            fact.fact === 'secret is rejected' && !life.isRejected(fact.secret);
          return () => {
            if (isToken(fact) && life.held !== held) rejected.clear();
            if (isNews && isRenewing)
              rejected.set(fact.secret, subject.clock.now());
            return SECRETS.every((secret) => {
              const at = rejected.get(secret);
              const isRecent = at !== undefined && subject.since(at) < MINUTE;
              return life.isRejected(secret) === isRecent;
            });
          };
        },
      ),
    ));
});

describe('Renewals that 401s force, whatever facts a life is told', () => {
  it('are 20 a minute at most', () =>
    holds((subject) => () => subject.forced <= 20, FACTS.clockRuns));

  it('pause after a token that was fetched because of a 401 was refused to a replay, for a minute at most', () =>
    holds(
      remembering(
        () => new Set<string>(),
        (counted, subject, fact) => () => {
          const { pausedForMs, held } = subject.life;
          const isUnhealed = fact.fact === 'unhealed' && subject.answer;
          const isNew = isUnhealed && !counted.has(held!.accessToken);
          if (isUnhealed) counted.add(held!.accessToken);
          return pausedForMs <= MINUTE && (!isNew || pausedForMs > 0);
        },
      ),
    ));

  it('are not forced in a pause by the endpoint that began it, nor by invalidate()', () =>
    holds(
      remembering(
        () => new Set<string>(),
        (odd, subject, fact) => {
          const { life, isRenewing, pauses } = subject;
          const wasPaused = life.pausedForMs > 0;
          const begun = pauses.length;
          const isOdd = odd.has(endpointOf(fact));
          return () => {
            if (fact.fact === 'unhealed' && pauses.length > begun)
              odd.add(fact.endpoint);
            if (isAcceptance(fact)) odd.delete(endpointOf(fact));
            if (!wasPaused || isRenewing || !subject.answer) return true;
            if (fact.fact === 'refused') return !isOdd;
            return fact.fact !== 'invalidated';
          };
        },
      ),
    ));

  it('are forced in a pause, too, by an endpoint that has accepted a token since the last refused replay, up to the 20', () =>
    holds(
      remembering(
        () => new Set<string>(),
        (good, subject, fact) => {
          const { life } = subject;
          const { held } = life;
          const isGood = good.has(endpointOf(fact)) && subject.forced < 20;
          const wasPaused = life.pausedForMs > 0;
          return () => {
            if (fact.fact === 'unhealed') good.clear();
            if (isAcceptance(fact) && wasPaused && held)
              good.add(endpointOf(fact));
            if (life.pausedForMs === 0 || subject.isStorm) good.clear();
            const isForced = fact.fact === 'refused' && held && isGood;
            return !isForced || subject.answer === true;
          };
        },
      ),
      FACTS.clockRuns,
    ));
});
