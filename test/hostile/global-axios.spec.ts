import { afterEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { fetchKeySet } from '../../lib/permission/caller/fetch-key-set.js';
import { signer } from '../e2e/permission/signer.js';
import { closeWitnesses, openWitness } from '../e2e/http/witness.js';
import { closeShops, openShop } from '../support/shop.js';
import { VirtualTime } from '../support/virtual-time.js';

describe('Defaults that the app sets on the global axios', () => {
  const { headers, auth, params } = axios.defaults;
  const authorization = 'Bearer of-another-service';

  afterEach(async () => {
    delete headers.common['Authorization'];
    axios.defaults.auth = auth;
    axios.defaults.params = params;
    closeWitnesses();
    await closeShops();
  });

  it('are not used for the JWKS endpoint', async () => {
    const { jwk } = await signer('mine');
    const keys = await openWitness((_, response) =>
      response.end(JSON.stringify({ keys: [jwk] })),
    );
    headers.common['Authorization'] = authorization;
    axios.defaults.params = { key: 'of-another-service' };
    const got = await fetchKeySet(
      `${keys.url}/jwks`,
      {},
      new VirtualTime().scheduler,
    );
    expect(got).toMatchObject([{ kid: 'mine' }]);
    expect(keys.seen).toMatchObject([{ path: '/jwks' }]);
    expect(keys.seen[0]?.authorization).toBeUndefined();
  });

  it('are not used for token calls', async () => {
    headers.common['Authorization'] = authorization;
    axios.defaults.auth = { username: 'a', password: 'b' };
    const portone = await openWitness((_, response) => response.end('{}'));
    await openShop({ options: { baseURL: portone.url } });
    expect(portone.seen).toMatchObject([{ path: '/login/api-secret' }]);
    expect(portone.seen[0]?.authorization).toBeUndefined();
  });
});
