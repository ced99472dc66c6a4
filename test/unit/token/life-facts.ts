import fc from 'fast-check';

const ENDPOINTS = ['GET /a', 'GET /b', 'GET /c', 'POST /a'];
export const SECRETS = ['secret-1', 'secret-2'];

/** One fact as a plain value, so that a failing run can print it. */
export type Fact =
  | { readonly fact: 'passes'; readonly ms: number }
  | { readonly fact: 'wall clock jumps'; readonly ms: number }
  | { readonly fact: 'renewal begins'; readonly isByApp: boolean }
  | { readonly fact: 'renewal ends without a newer token' }
  | {
      readonly fact: 'token comes';
      readonly lifetimeMs: number;
      readonly isAdopted: boolean;
    }
  | { readonly fact: 'the same token comes again' }
  | { readonly fact: 'renewal fails'; readonly retryAfterMs?: number }
  | { readonly fact: 'secret is rejected'; readonly secret: string }
  | { readonly fact: 'refused' | 'not replayed'; readonly endpoint: string }
  | {
      readonly fact: 'healed' | 'unhealed' | 'accepted';
      readonly endpoint: string;
    }
  | { readonly fact: 'invalidated' }
  | { readonly fact: 'storm of revocations'; readonly endpoint: string };

const endpoint = fc.constantFrom(...ENDPOINTS);
const MINUTE = 60_000;

const withoutJumps: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    fact: fc.constant('passes' as const),
    ms: fc.constantFrom(1, 999, 1_000, 5_000, 20_000, MINUTE, 25 * MINUTE),
  }),
  fc.record({
    fact: fc.constant('renewal begins' as const),
    isByApp: fc.boolean(),
  }),
  fc.constant<Fact>({ fact: 'renewal ends without a newer token' }),
  fc.record({
    fact: fc.constant('token comes' as const),
    lifetimeMs: fc.constantFrom(2_000, MINUTE, 30 * MINUTE),
    isAdopted: fc.boolean(),
  }),
  fc.constant<Fact>({ fact: 'the same token comes again' }),
  fc.record(
    {
      fact: fc.constant('renewal fails' as const),
      retryAfterMs: fc.constantFrom(1, 30_000, 5 * MINUTE),
    },
    { requiredKeys: ['fact'] },
  ),
  fc.record({
    fact: fc.constant('secret is rejected' as const),
    secret: fc.constantFrom(...SECRETS),
  }),
  ...(
    ['refused', 'not replayed', 'healed', 'unhealed', 'accepted'] as const
  ).map((fact) => fc.record({ fact: fc.constant(fact), endpoint })),
  fc.constant<Fact>({ fact: 'invalidated' }),
  fc.record({ fact: fc.constant('storm of revocations' as const), endpoint }),
);

const jump: fc.Arbitrary<Fact> = fc.record({
  fact: fc.constant('wall clock jumps' as const),
  ms: fc.constantFrom(-60 * MINUTE, 0, MINUTE, 60 * MINUTE),
});

/** Facts on a host whose wall clock is right, and on one whose wall clock jumps. */
export const FACTS = {
  clockIsRight: withoutJumps,
  clockJumps: fc.oneof({ weight: 12, arbitrary: withoutJumps }, jump),
};
