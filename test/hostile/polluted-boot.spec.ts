import { afterEach, describe, expect, it } from '@jest/globals';
import { closeWitnesses, openWitness } from '../e2e/http/witness.js';
import { closeShops, openEmulator, openShop } from '../support/shop.js';
import { polluted } from '../support/polluted.js';

const mustNotRun = () => {
  throw new Error('a polluted function was called');
};

describe('An app that boots while Object.prototype is polluted', () => {
  afterEach(async () => {
    closeWitnesses();
    await closeShops();
  });

  it.each<[string, (evil: URL) => unknown]>([
    ['baseURL', ({ origin }) => origin],
    ['tokenTimeout', () => 1],
    ['renewal', () => ({ strategy: 'login' })],
    ['strategy', () => 'login'],
    ['permissions', () => ({ source: 'caller' })],
    ['source', () => 'caller'],
    ['verification', ({ href }) => ({ jwksUri: href, merchantId: 'evil' })],
    ['http', ({ hostname: host, port }) => ({ proxy: { host, port } })],
    ['proxy', ({ hostname: host, port }) => ({ host, port })],
    ['httpAgent', () => ({ addRequest: mustNotRun })],
    ['allowedOrigins', ({ origin }) => [origin]],
    ['headers', () => ({ Authorization: 'Bearer evil' })],
    ['auth', () => ({ username: 'a', password: 'b' })],
    ['socketPath', () => '/tmp/evil.sock'],
    ['beforeRedirect', () => mustNotRun],
    ['allowAbsoluteUrls', () => false],
    ['eager', () => false],
    ['store', () => ({ isShared: true, load: mustNotRun, update: mustNotRun })],
    ['merchant_service', () => ({ permissions: ['EVIL'] })],
    ['merchantId', () => 'evil'],
  ])('uses only the options that it was given: %s', async (name, value) => {
    const evil = await openWitness();
    const portone = await openEmulator();
    const seen = await polluted(
      { [name]: value(new URL(evil.url)) },
      async () => {
        const { http, tokens } = await openShop({ portone });
        const bootCalls = portone.calls.requests.length;
        await http.axiosRef.post('/echo', { amount: 1 });
        await http.axiosRef.get(`${evil.url}/x`, { proxy: false });
        return {
          bootCalls,
          isShared: tokens.snapshot().shared,
          isEvil: tokens.hasPermission('EVIL'),
        };
      },
    );
    expect(seen).toEqual({ bootCalls: 1, isShared: false, isEvil: false });
    expect(evil.seen).toHaveLength(1);
    expect(evil.seen[0]?.authorization).toBeUndefined();
  });
});
