import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops } from '../support/shop.js';
import { credentialsIn } from './matrix/credentials.js';
import { allCells, nameOf, type Cell } from './matrix/cell.js';
import { leaksOf } from './matrix/leaks.js';
import { observe } from './matrix/observe.js';

const outages = allCells().filter(({ fault }) => fault.name === '503');

describe('Secrets and tokens', () => {
  afterEach(closeShops);

  it.each(outages.map((cell) => [nameOf(cell), cell] as const))(
    'are not in the services after an outage (%s)',
    async (_, cell) => {
      const { stage } = await observe(cell);
      const { tokens, http } = stage.shop;
      const services = [tokens, http, http.axiosRef];
      expect(await leaksOf(stage, { services })).toEqual([]);
    },
  );

  it('are found by this check wherever they are planted', async () => {
    const { stage } = await observe(outages[0] as Cell);
    const [secret, accessToken, refreshToken] = await credentialsIn(
      stage.store,
      stage.portone,
    );
    const hidden = new Error('nothing to see');
    Object.defineProperty(hidden, 'config', { value: { deep: { secret } } });
    stage.seen.push(hidden);
    stage.log.verbose(`Bearer ${accessToken}`);
    const toJSON = () => ({ refreshToken });
    expect(await leaksOf(stage, { events: [{ toJSON }] })).toEqual([
      'header in log',
      'signature 0 in log',
      'secret in seen',
      'end of the secret in seen',
      'header in events',
      'signature 1 in events',
    ]);
  });
});
