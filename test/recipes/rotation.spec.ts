import { afterEach, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortOneHttpService, TokenService } from '../../lib/index.js';
import { closeShops, openEmulator } from '../support/shop.js';
import { portone as recipe } from './rotation.js';

afterEach(closeShops);

it('A secret in a file is rotated without a restart, and no call fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secret-'));
  const portone = await openEmulator();
  const file = join(folder, 'portone');
  await writeFile(file, `${portone.apiSecret}\n`);
  const env = { ...process.env };
  process.env['PORTONE_API_SECRET_FILE'] = file;
  process.env['PORTONE_API_BASE_URL'] = portone.url;
  const module = await Test.createTestingModule({
    imports: [recipe],
  }).compile();
  await module.init();
  const http = module.get(PortOneHttpService);
  const read = () => http.axiosRef.get('/payments/payment-1');

  const next = 'the-next-api-secret-0123456789abcdef';
  portone.setApiSecret(next);
  expect((await read()).status).toBe(200);
  await writeFile(file, `${next}\n`);
  await module.get(TokenService).renew();
  expect((await read()).status).toBe(200);
  const logins = portone.calls.requests
    .filter(({ endpoint }) => endpoint === 'login')
    .map(({ body, status }) => [JSON.parse(body).apiSecret === next, status]);
  expect(logins).toEqual([
    [false, 200],
    [true, 200],
  ]);

  process.env = env;
  await module.close();
  await rm(folder, { recursive: true });
});
