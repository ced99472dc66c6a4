import { afterEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import {
  bearer,
  failure,
  http,
  openEmulator,
  stopEmulators,
} from './open-emulator.js';

afterEach(stopEmulators);

describe('The calls of the emulator', () => {
  it('are counted by endpoint, and the requests are kept', async () => {
    const { portone, login, refresh, payment } = await openEmulator();
    const { data } = await login();
    await refresh(data.refreshToken);
    await payment(data.accessToken);
    await payment('unknown');
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
      headers: { authorization: 'Bearer unknown' },
      status: 401,
    });
    portone.resetCalls();
    expect(portone.calls).toMatchObject({ tokens: 0, api: 0, requests: [] });
  });

  it('may be 2,000 at the same time, each with its own delay', async () => {
    const { portone, login, payment } = await openEmulator();
    const { accessToken } = (await login()).data;
    let call = 0;
    portone.delay('api', () => call++ % 50);
    const answers = await Promise.all(
      Array.from({ length: 2000 }, () => payment(accessToken)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    expect(portone.calls.api).toBe(2000);
  }, 600_000);
});

describe('The calls of the emulator, when they are printed,', () => {
  it('show the numbers and the requests, but no credential', async () => {
    const { portone, login, payment } = await openEmulator();
    const { accessToken } = (await login()).data;
    await payment(accessToken);
    for (const text of [
      inspect(portone.calls),
      inspect({ portone: { calls: portone.calls } }, { depth: 5 }),
      JSON.stringify(portone.calls),
    ]) {
      expect(text).toMatch(/"?login"?: ?1/);
      expect(text).toMatch(/"?tokens"?: ?1/);
      expect(text).toContain('GET /payments/payment-1 200');
      expect(text).not.toContain(portone.apiSecret);
      expect(text).not.toContain(accessToken);
    }
    expect(() => expect(portone.calls).toMatchObject({ login: 2 })).toThrow(
      /login.*1/,
    );
    expect({ ...portone.calls }).toMatchObject({ api: 1, unauthorized: 0 });
  });

  it('show the first 50 requests', async () => {
    const { portone, login } = await openEmulator();
    const { accessToken } = (await login()).data;
    const { headers } = bearer(accessToken);
    for (let n = 0; n < 60; n++)
      await http.get(`${portone.url}/echo`, { headers });
    expect(inspect(portone.calls, { maxArrayLength: null })).toContain(
      'and 11 more',
    );
    expect(portone.calls.requests).toHaveLength(61);
  });
});

describe('stop()', () => {
  it('ends hanging and delayed calls immediately, and may be called twice', async () => {
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
