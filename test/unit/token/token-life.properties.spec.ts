import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instant } from '../../../lib/time/clock.js';
import { FACTS, SECRETS, type Fact } from './life-facts.js';
import { LifeUnderTest } from './life-under-test.js';

const MINUTE = 60_000;

/** Gives a life up to 80 facts. `rule` is called before each fact, and the function it returns after it; that one says whether the rule holds. */
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

/** A rule with a memory of its own for each life. */
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

describe('The life of a token, after any sequence of facts,', () => {
  it('gives callers the held token or none, and never a token that has expired by both clocks', () =>
    holds(({ life }) => () => {
      const { current, held } = life;
      return !current || (current === held && current.mayBeValid);
    }));

  it('withdraws a usable token only because of time, another token or invalidate()', () =>
    holds(({ life }, fact) => {
      const before = life.current;
      const mayGo =
        isClock(fact) || isToken(fact) || fact.fact === 'invalidated';
      return () => mayGo || !before?.isUsable || life.current === before;
    }));

  it('hands out a token in its last seconds only while renewals fail', () =>
    holds(({ life }) => () => {
      const { current, lastError } = life;
      return !current || current.isUsable || lastError !== undefined;
    }));

  it('plans no renewal while one is in flight; otherwise plans one if there is a token or an error', () =>
    holds((subject) => () => {
      const { dueInMs, held, lastError } = subject.life;
      if (subject.isRenewing) return dueInMs === undefined;
      return (dueInMs !== undefined) === (!!held || !!lastError);
    }));

  it('has a suspect token from an admitted 401 until another token comes', () =>
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

  it('counts failures in a row; a new token resets the count, the error and the backoff', () =>
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
          hasFailed && fact.fact !== 'renewal ends without a newer token';
        return after === (isCounted ? before + 1 : before);
      };
    }));
});

describe('The backoff, after any sequence of facts,', () => {
  it('waits at least the initial wait and Retry-After, and at most a minute or until the held token expires', () =>
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

  it('doubles its longest wait with each failure while there is no token', () =>
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

  it('sends no rejected secret again within a minute, and delays no other secret', () =>
    holds(
      remembering(
        () => new Map<string, Instant>(),
        (rejected, subject, fact) => {
          const { life, isRenewing } = subject;
          const { held } = life;
          const isFirstRejection =
            fact.fact === 'secret is rejected' && !life.isRejected(fact.secret);
          return () => {
            if (isToken(fact) && life.held !== held) rejected.clear();
            if (isFirstRejection && isRenewing)
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

describe('Renewals that 401s force, after any sequence of facts,', () => {
  it('are at most 20 a minute', () =>
    holds((subject) => () => subject.forced <= 20, FACTS.clockIsRight));

  it('pause for at most a minute after a replay with a token that was fetched because of a 401 was refused', () =>
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

  it('are not forced during a pause by the endpoint that caused it, nor by invalidate()', () =>
    holds(
      remembering(
        () => new Set<string>(),
        (refusing, subject, fact) => {
          const { life, isRenewing, pauses } = subject;
          const wasPaused = life.pausedForMs > 0;
          const begun = pauses.length;
          const isRefusing = refusing.has(endpointOf(fact));
          return () => {
            if (fact.fact === 'unhealed' && pauses.length > begun)
              refusing.add(fact.endpoint);
            if (isAcceptance(fact)) refusing.delete(endpointOf(fact));
            if (!wasPaused || isRenewing || !subject.answer) return true;
            if (fact.fact === 'refused') return !isRefusing;
            return fact.fact !== 'invalidated';
          };
        },
      ),
    ));

  it('are forced during a pause, up to 20, by an endpoint that has accepted a token since the last refused replay', () =>
    holds(
      remembering(
        () => new Set<string>(),
        (accepting, subject, fact) => {
          const { life } = subject;
          const { held } = life;
          const isAccepting =
            accepting.has(endpointOf(fact)) && subject.forced < 20;
          const wasPaused = life.pausedForMs > 0;
          return () => {
            if (fact.fact === 'unhealed') accepting.clear();
            if (isAcceptance(fact) && wasPaused && held)
              accepting.add(endpointOf(fact));
            if (life.pausedForMs === 0 || subject.isStorm) accepting.clear();
            const isForced = fact.fact === 'refused' && held && isAccepting;
            return !isForced || subject.answer === true;
          };
        },
      ),
      FACTS.clockIsRight,
    ));
});
