import { afterEach, describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import { closeShops, openShop } from '../../support/shop.js';
import { closeWitnesses, openWitness } from './witness.js';

const follow = { maxRedirects: 3 };

describe('A redirect', () => {
  afterEach(async () => {
    closeWitnesses();
    await closeShops();
  });

  it.each<[string, AxiosRequestConfig]>([
    ['http', follow],
    ['fetch', { ...follow, adapter: 'fetch' }],
  ])('to another port carries no token (%s)', async (_, config) => {
    const { http, portone } = await openShop();
    const evil = await openWitness();
    portone.fail('api', { kind: 'redirect', location: `${evil.url}/x` });
    await http.axiosRef.post('/echo', { amount: 1 }, config);
    expect(evil.seen).toMatchObject([
      { path: '/x', body: '{"amount":1}', authorization: undefined },
    ]);
  });

  it('to another host carries no token', async () => {
    const { http, portone } = await openShop();
    const evil = await openWitness();
    const location = `${evil.url.replace('127.0.0.1', 'localhost')}/x`;
    portone.fail('api', { kind: 'redirect', location });
    await http.axiosRef.get('/echo', follow);
    expect(evil.seen).toMatchObject([{ authorization: undefined }]);
  });

  it('within our origin carries no token either, and its 401 starts no renewal', async () => {
    const { http, portone } = await openShop();
    portone.resetCalls();
    portone.fail('api', { kind: 'redirect', location: '/echo' }, { times: 1 });
    await expect(
      http.axiosRef.get('/payments/payment-1', {
        ...follow,
        headers: { 'X-Own': '1' },
      }),
    ).rejects.toMatchObject({
      response: { status: 401 },
      portoneAuth: { replayed: false, replayable: true },
    });
    const sent = portone.calls.requests.map(({ headers }) => [
      headers.authorization !== undefined,
      headers['x-own'],
    ]);
    expect(sent).toEqual([
      [true, '1'],
      [false, '1'],
    ]);
    expect(portone.calls.tokens).toBe(0);
  });

  it.each(['http', 'fetch'])(
    'is not followed by default (%s)',
    async (adapter) => {
      const { http, portone } = await openShop();
      const evil = await openWitness();
      portone.fail('api', { kind: 'redirect', location: `${evil.url}/x` });
      await expect(
        http.axiosRef.get('/echo', { adapter }),
      ).rejects.toMatchObject({ response: { status: 307 } });
      expect(evil.seen).toEqual([]);
    },
  );

  it('calls beforeRedirect of the caller without the token', async () => {
    const { http, portone } = await openShop();
    const evil = await openWitness();
    const shown: string[] = [];
    const beforeRedirect: AxiosRequestConfig['beforeRedirect'] = (
      options,
      _,
      request,
    ) => {
      shown.push(JSON.stringify([options['headers'], request]));
    };
    portone.fail('api', { kind: 'redirect', location: evil.url });
    const { config } = await http.axiosRef.get('/echo', {
      ...follow,
      beforeRedirect,
    });
    expect(shown).toEqual([expect.stringContaining('/echo')]);
    expect(shown[0]).not.toMatch(/bearer/i);
    expect(config.beforeRedirect).toBe(beforeRedirect);
    const plain = await http.axiosRef.get('/echo', follow);
    expect('beforeRedirect' in plain.config).toBe(false);
  });

  it('of a token call is a failure, and is not followed with the secret', async () => {
    const { tokens, portone } = await openShop({ options: { eager: false } });
    const evil = await openWitness();
    portone.fail('login', { kind: 'redirect', location: evil.url });
    await expect(tokens.getAccessToken()).rejects.toMatchObject({
      reason: 'PORTONE_TOKEN_STATUS',
    });
    expect(evil.seen).toEqual([]);
  });
});
