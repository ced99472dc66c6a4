import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultTarget } from '../../../lib/testing/index.js';
import {
  allowAnyAnswer,
  openEmulator,
  stopEmulators,
} from './open-emulator.js';

afterEach(stopEmulators);

/** Opens an emulator. `statuses` gives the status of a login, a refresh, a list, a payment and a cancellation, in this order. */
async function openWithStatuses() {
  const emulator = await openEmulator();
  const { accessToken } = (await emulator.login()).data;
  const calls = [
    () => emulator.login(),
    () => emulator.refresh('unknown'),
    () => emulator.list(accessToken, {}),
    () => emulator.payment(accessToken),
    () => emulator.cancel(accessToken, 'payment-1', {}),
  ];
  allowAnyAnswer(emulator.portone);
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
const WITHOUT_FAULT = [200, 401, 200, 200, 400];

describe('The target of a fault', () => {
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
    ['GET /payments/:paymentId/cancel', WITHOUT_FAULT],
    ['/token/refresh', [200, 503, 200, 200, 400]],
  ])('can be %s', async (target, expected) => {
    const { portone, statuses } = await openWithStatuses();
    portone.fail(target, status(503));
    expect(await statuses()).toEqual(expected);
    portone.heal(target);
    expect(await statuses()).toEqual(WITHOUT_FAULT);
  });

  it('may match several faults: first those with times are used, then the newest fault', async () => {
    const { portone, statuses } = await openWithStatuses();
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
    for (const call of [
      () => portone.fail(target as FaultTarget, status(503)),
      () => portone.delay(target as FaultTarget, 5),
      () => portone.heal(target as FaultTarget),
    ])
      expect(call).toThrow('must be login, refresh, tokens, api, jwks');
  });

  it('also selects the answers that delay() delays', async () => {
    const { portone, statuses } = await openWithStatuses();
    const delayed: string[] = [];
    const note = (name: string) => () => {
      delayed.push(name);
      return 0;
    };
    portone.delay('api', note('api'));
    portone.delay('POST /payments/:paymentId/cancel', note('cancel'));
    portone.delay('/payments', note('list'));
    await statuses();
    expect(delayed).toEqual(['list', 'api', 'cancel']);
  });
});

describe('The error of a fault that has only a status', () => {
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
      // open-emulator.ts compares every other answer with PortOne's document.
      if (type.startsWith('STATUS_')) allowAnyAnswer(portone);
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
