import { afterEach, describe, expect, it } from '@jest/globals';
import { failure, openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

describe('counting', () => {
  it('counts calls by endpoint and remembers requests', async () => {
    const { portone, login, refresh, payment } = await openEmulator();
    const { data } = await login();
    await refresh(data.refreshToken);
    await payment(data.accessToken);
    await payment('nobody');
    expect(portone.calls).toMatchObject({
      login: 1,
      refresh: 1,
      tokens: 2,
      api: 2,
      unauthorized: 1,
    });
    expect(portone.calls.requests[0]).toMatchObject({
      method: 'POST',
      path: '/login/api-secret',
      body: JSON.stringify({ apiSecret: portone.apiSecret }),
      status: 200,
    });
    expect(portone.calls.requests[3]).toMatchObject({
      endpoint: 'api',
      headers: { authorization: 'Bearer nobody' },
      status: 401,
    });
    portone.resetCalls();
    expect(portone.calls).toMatchObject({ tokens: 0, api: 0, requests: [] });
  });

  it('stands 2,000 calls at once, each as late as it is told', async () => {
    const { portone, login, payment } = await openEmulator();
    const { accessToken } = (await login()).data;
    let n = 0;
    portone.delay('api', () => n++ % 50);
    const answers = await Promise.all(
      Array.from({ length: 2000 }, () => payment(accessToken)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    expect(portone.calls.api).toBe(2000);
  }, 20_000);
});

describe('stop', () => {
  it('ends hanging and late calls at once, twice without harm', async () => {
    const { portone, login, payment } = await openEmulator();
    portone.fail('login', { kind: 'hang' });
    portone.delay('api', 600_000);
    const calls = [failure(login()), failure(payment('x'))];
    while (portone.calls.login + portone.calls.api < 2) {
      await new Promise(setImmediate);
    }
    await Promise.all([portone.stop(), portone[Symbol.asyncDispose]()]);
    for (const error of await Promise.all(calls)) {
      expect(error.code).toBe('ECONNRESET');
    }
    expect((await failure(login())).code).toBe('ECONNREFUSED');
  });
});
