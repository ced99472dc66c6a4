import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultTarget } from '../../../lib/testing/index.js';
import { answersAsTold, openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

/** The status of a login, a refresh, a list, a payment and a cancellation, in this order. */
async function openWatched() {
  const emulator = await openEmulator();
  const { accessToken } = (await emulator.login()).data;
  const calls = [
    () => emulator.login(),
    () => emulator.refresh('unknown'),
    () => emulator.list(accessToken, {}),
    () => emulator.payment(accessToken),
    () => emulator.cancel(accessToken, 'payment-1', {}),
  ];
  answersAsTold(emulator.portone);
  return {
    ...emulator,
    statuses: async () => {
      const found: number[] = [];
      for (const call of calls) found.push((await call()).status);
      return found;
    },
  };
}

const status = (code: number) => ({ kind: 'status', status: code }) as const;
const WELL = [200, 401, 200, 200, 400];

describe('the target of a fault', () => {
  it.each<[FaultTarget, number[]]>([
    ['login', [503, 401, 200, 200, 400]],
    ['tokens', [503, 503, 200, 200, 400]],
    ['api', [200, 401, 503, 503, 503]],
    ['GET', [200, 401, 503, 503, 400]],
    ['POST', [503, 503, 200, 200, 503]],
    ['/payments/:paymentId', [200, 401, 200, 503, 400]],
    ['/payments/{paymentId}', [200, 401, 200, 503, 400]],
    ['/payments/payment-1', [200, 401, 200, 503, 400]],
    ['/payments', [200, 401, 503, 200, 400]],
    ['POST /payments/:paymentId/cancel', [200, 401, 200, 200, 503]],
    ['GET /payments/:paymentId/cancel', WELL],
    ['/token/refresh', [200, 503, 200, 200, 400]],
  ])('can be %s', async (target, expected) => {
    const { portone, statuses } = await openWatched();
    portone.fail(target, status(503));
    expect(await statuses()).toEqual(expected);
    portone.heal(target);
    expect(await statuses()).toEqual(WELL);
  });

  it('of the standing fault that was told last wins, and those with times go first', async () => {
    const { portone, statuses } = await openWatched();
    portone.fail('api', status(500));
    portone.fail('/payments/:paymentId', status(501));
    portone.fail('GET', status(502), { times: 1 });
    expect(await statuses()).toEqual([200, 401, 502, 501, 500]);
    expect(await statuses()).toEqual([200, 401, 500, 501, 500]);
  });

  it.each([
    'apis',
    '',
    'payments',
    'FETCH /payments',
    'GET/payments',
    '/payments?x=1',
  ])('cannot be %j', async (target) => {
    const { portone } = await openEmulator();
    for (const tell of [
      () => portone.fail(target as FaultTarget, status(503)),
      () => portone.delay(target as FaultTarget, 5),
      () => portone.heal(target as FaultTarget),
    ])
      expect(tell).toThrow('must be login, refresh, tokens, api, jwks');
  });

  it('decides which answers are late', async () => {
    const { portone, statuses } = await openWatched();
    const late: string[] = [];
    const note = (name: string) => () => {
      late.push(name);
      return 0;
    };
    portone.delay('api', note('api'));
    portone.delay('POST /payments/:paymentId/cancel', note('cancel'));
    portone.delay('/payments', note('list'));
    await statuses();
    expect(late).toEqual(['list', 'api', 'cancel']);
  });
});

describe('the error of a fault that has only a status', () => {
  it.each<[FaultTarget, number, string]>([
    ['login', 400, 'INVALID_REQUEST'],
    ['login', 401, 'UNAUTHORIZED'],
    ['refresh', 401, 'UNAUTHORIZED'],
    ['api', 400, 'INVALID_REQUEST'],
    ['api', 401, 'UNAUTHORIZED'],
    ['api', 403, 'FORBIDDEN'],
    ['/payments/:paymentId', 404, 'PAYMENT_NOT_FOUND'],
    ['POST', 409, 'PAYMENT_ALREADY_CANCELLED'],
    ['POST', 502, 'PG_PROVIDER'],
    ['api', 429, 'STATUS_429'],
    ['api', 503, 'STATUS_503'],
  ])(
    'is the one that PortOne documents: %s %i %s',
    async (target, code, type) => {
      const { portone, login, refresh, payment, cancel } = await openEmulator();
      const { accessToken } = (await login()).data;
      // What PortOne documents for these operations is held against every answer in open-emulator.ts.
      if (type.startsWith('STATUS_')) answersAsTold(portone);
      portone.fail(target, status(code));
      const call = {
        login: () => login(),
        refresh: () => refresh('x'),
        POST: () => cancel(accessToken, 'payment-1'),
      }[target as string];
      const answer = await (call ?? (() => payment(accessToken)))();
      expect(answer).toMatchObject({ status: code, data: { type } });
    },
  );
});
