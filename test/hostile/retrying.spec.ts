import { afterEach, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { closeShops, openShop } from '../support/shop.js';
import { retrying } from './retrying.js';

const isTransient = (status?: number) => status === undefined || status >= 500;
const always = () => true;

const openRetrying = async (shouldRetry: (status?: number) => boolean) => {
  const shop = await openShop({ options: { eager: false } });

  retrying(shop.http.axiosRef, shouldRetry);
  const send = () =>
    shop.http.axiosRef.post(
      '/echo',
      { amount: 1 },
      { headers: { 'Idempotency-Key': '"0123456789abcdef"' } },
    );
  const sent = () =>
    shop.portone.calls.requests.map(({ path, status }) => `${path} ${status}`);
  return { ...shop, send, sent };
};

describe('A retrying interceptor on the same instance', () => {
  afterEach(closeShops);

  it('sends every attempt with the token, and the same body and key', async () => {
    const { portone, send, sent } = await openRetrying(isTransient);
    portone.fail('api', { kind: 'status', status: 503 }, { times: 2 });
    expect((await send()).status).toBe(200);
    expect(sent()).toEqual([
      '/login/api-secret 200',
      '/echo 503',
      '/echo 503',
      '/echo 200',
    ]);
    const [, ...echoes] = portone.calls.requests;
    const [first] = echoes;
    expect(first?.headers['authorization']).toMatch(/^Bearer ey/);
    for (const { body, headers } of echoes) {
      expect(body).toBe('{"amount":1}');
      expect(headers['authorization']).toBe(first?.headers['authorization']);
      expect(headers['idempotency-key']).toBe('"0123456789abcdef"');
    }
  });

  it('uses the new token after a 401 between two of its attempts', async () => {
    const { portone, tokens, send, sent } = await openRetrying(isTransient);
    await tokens.getAccessToken();
    portone.revokeAccessTokens();
    portone.fail('api', { kind: 'status', status: 503 }, { times: 1 });
    expect((await send()).status).toBe(200);
    expect(sent()).toEqual([
      '/login/api-secret 200',
      '/echo 503',
      '/echo 401',
      '/token/refresh 200',
      '/echo 200',
    ]);
  });

  it('causes no second renewal for an endpoint that always answers 401', async () => {
    const { portone, send, sent } = await openRetrying(always);
    portone.fail('api', { kind: 'status', status: 401 });
    await expect(send()).rejects.toMatchObject({ response: { status: 401 } });
    const tokenCalls = sent().filter((call) => !call.startsWith('/echo'));
    expect(tokenCalls).toEqual(['/login/api-secret 200', '/token/refresh 200']);
    expect(sent().filter((call) => call.startsWith('/echo'))).toHaveLength(5);
  });

  it('does not retry when there is no token, and no request is sent without one', async () => {
    const { portone, send, sent } = await openRetrying(always);
    portone.fail('login', { kind: 'status', status: 503 });
    await expect(send()).rejects.toMatchObject({
      code: 'PORTONE_TOKEN_UNAVAILABLE',
    });
    expect(sent()).toEqual(['/login/api-secret 503']);
  });

  it('learns from error.portoneAuth that a body cannot be sent twice', async () => {
    const { http, portone, tokens } = await openRetrying(isTransient);
    await tokens.getAccessToken();
    portone.revokeAccessTokens();

    const call = http.axiosRef.post('/echo', Readable.from(['{}']));
    await expect(call).rejects.toMatchObject({
      response: { status: 401 },
      portoneAuth: { replayed: false, replayable: false },
    });
  });
});
