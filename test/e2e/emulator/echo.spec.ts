import { afterEach, describe, expect, it } from '@jest/globals';
import { bearer, http, openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

describe('The echo', () => {
  it('answers with the request that arrived', async () => {
    const { portone, login } = await openEmulator();
    const { accessToken } = (await login()).data;
    const { data } = await http.put(`${portone.url}/echo/a?b=1`, 'körper', {
      headers: { ...bearer(accessToken).headers, 'x-mine': '1' },
    });
    expect(data).toMatchObject({
      method: 'PUT',
      url: '/echo/a?b=1',
      headers: { 'x-mine': '1' },
      body: Buffer.from('körper').toString('base64'),
    });
  });

  it('shows no credential, in whichever part of the request it was sent', async () => {
    const { portone, login } = await openEmulator();
    const { accessToken } = (await login()).data;
    const bySecret = { authorization: `PortOne ${portone.apiSecret}` };
    for (const headers of [
      bearer(accessToken).headers,
      bySecret,
      { ...bySecret, cookie: 'session=1', 'x-token': accessToken },
      { ...bySecret, 'x-secret': portone.apiSecret },
    ]) {
      const { data, status } = await http.post(
        `${portone.url}/echo?token=${accessToken}&secret=${portone.apiSecret}`,
        { accessToken, apiSecret: portone.apiSecret },
        { headers },
      );
      expect(status).toBe(200);
      const sent = Buffer.from(data.body, 'base64').toString();
      const text = JSON.stringify(data) + sent;
      expect(text).toContain('"authorization":"[credential]"');
      for (const secret of [accessToken, portone.apiSecret, 'session=1'])
        expect(text).not.toContain(secret);
    }
  });
});
