import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
} from '@jest/globals';
import { Controller, Get, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import * as ours from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
  verifyingBy,
} from '../e2e/permission/guarded-app.js';
import { loadSecondCopy, type Copy } from '../support/second-copy.js';

let theirs: Copy;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ theirs, remove } = await loadSecondCopy());
});
afterAll(() => remove());

const routesOf = (guarding: Copy, asking: Copy): Type => {
  @Controller()
  class Payments {
    @Get('merchant')
    @guarding.RequirePermission({ source: 'caller' }, 'TX_READ')
    merchant(
      @asking.PortOneClaims('merchant_service.merchant_id') merchantId: string,
    ) {
      return `of ${merchantId}`;
    }
  }
  return Payments;
};

describe('Two copies of the package in one process', () => {
  afterEach(closeGuardedApps);

  it.each(['ours', 'theirs'])(
    'give a handler the claims that the guard of %s let the caller in by',
    async (guarding) => {
      const controller =
        guarding === 'ours' ? routesOf(ours, theirs) : routesOf(theirs, ours);
      const { ask, portone } = await openGuardedApp({
        controllers: [controller],
        permissions: verifyingBy(),
      });
      const token = await portone.issueAccessToken();
      const { body } = await ask('/merchant', `Bearer ${token}`);
      expect(body).toBe(`of ${portone.merchantId}`);
    },
  );

  it('keep their clients apart, and find them by name', async () => {
    const [a, b] = [await openPortOne(), await openPortOne()];
    const module = await Test.createTestingModule({
      imports: [
        ours.AuthModule.forRoot({ apiSecret: a.apiSecret, baseURL: a.url }),
        theirs.AuthModule.forRoot({
          name: 'b',
          apiSecret: b.apiSecret,
          baseURL: b.url,
        }),
      ],
    }).compile();
    await module.init();
    const first = module.get(ours.PortOneHttpService);
    const second = module.get<ours.PortOneHttpService>(
      ours.getHttpServiceToken('b'),
    );
    a.revokeAccessTokens();
    for (const http of [first, second])
      expect((await http.axiosRef.get('/payments')).status).toBe(200);
    const sent = [a, b].map(({ calls }) =>
      calls.requests.map(({ path, status }) => `${path} ${status}`),
    );
    expect(sent).toEqual([
      [
        '/login/api-secret 200',
        '/payments 401',
        '/token/refresh 200',
        '/payments 200',
      ],
      ['/login/api-secret 200', '/payments 200'],
    ]);
    await module.close();
  });

  it('do not boot with one name registered by both', async () => {
    const { apiSecret, url: baseURL } = await openPortOne();
    const given = { apiSecret, baseURL };
    const compile = Test.createTestingModule({
      imports: [
        ours.AuthModule.forRoot(given),
        theirs.AuthModule.forRoot(given),
      ],
    }).compile();
    await expect(compile).rejects.toThrow('registered 2 times');
  });
});
