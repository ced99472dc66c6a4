import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Injectable, Module } from '@nestjs/common';
import { isAxiosError } from 'axios';
import {
  AuthModule,
  InjectHttpService,
  InjectPortOneFetch,
  InjectTokenService,
  TokenService,
  type PortOneFetch,
} from '../../../lib/index.js';
import { boot, closeAll } from './boot.js';
import { openOneOrigin } from './one-origin.js';

@Injectable()
class Payments {
  constructor(
    readonly httpOfA: HttpService,
    @InjectHttpService('b') readonly httpOfB: HttpService,
    @InjectPortOneFetch() readonly fetchOfA: PortOneFetch,
    @InjectPortOneFetch('b') readonly fetchOfB: PortOneFetch,
    readonly tokensOfA: TokenService,
    @InjectTokenService('b') readonly tokensOfB: TokenService,
  ) {}
}

const validateStatus = () => true;

describe('Two merchants at one origin, injected in one service,', () => {
  let portone: Awaited<ReturnType<typeof openOneOrigin>>;
  let payments: Payments;

  beforeEach(async () => {
    portone = await openOneOrigin();
    const baseURL = portone.url;
    @Module({
      imports: [
        AuthModule.forRoot({ apiSecret: 'secret-of-a', baseURL }),
        AuthModule.forRoot({ apiSecret: 'secret-of-b', baseURL, name: 'b' }),
      ],
      providers: [Payments],
    })
    class PaymentsModule {}
    payments = (await boot(PaymentsModule)).get(Payments);
    portone.tokenCalls.length = 0;
  });
  afterEach(async () => {
    await closeAll();
    await portone.close();
  });

  /** The path names the merchant whose client sends the request. */
  const callsOfAll = () => {
    const { httpOfA, httpOfB, fetchOfA, fetchOfB } = payments;
    return Promise.all([
      httpOfA.axiosRef.get('/secret-of-a', { validateStatus }),
      httpOfB.axiosRef.get('/secret-of-b', { validateStatus }),
      fetchOfA('/secret-of-a'),
      fetchOfB('/secret-of-b'),
    ]);
  };

  it('have each request sent with the token of its own merchant, and each token renewed by its own secret', async () => {
    for (const secret of ['', 'secret-of-a', 'secret-of-b']) {
      portone.revokeTokensOf(secret);
      const answers = await callsOfAll();
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    }
    for (const { path, secret } of portone.apiRequests)
      expect(path).toBe(`/${secret}`);
    expect(portone.tokenCalls).toEqual(['secret-of-a', 'secret-of-b']);
  });

  it('keep their tokens when the other one is refused again and again', async () => {
    const { httpOfA, tokensOfA, tokensOfB } = payments;
    const token = tokensOfB.peekAccessToken();
    for (let call = 0; call < 10; call += 1) {
      portone.revokeTokensOf('secret-of-a');
      await httpOfA.axiosRef.get('/secret-of-a', { validateStatus });
      tokensOfB.invalidate(tokensOfA.peekAccessToken() ?? '');
    }
    expect(tokensOfB.peekAccessToken()).toBe(token);
    expect(tokensOfB.snapshot()).toMatchObject({ refused: 0, state: 'fresh' });
    expect(portone.tokenCalls).not.toContain('secret-of-b');
  });

  it("send a config of the other one's error with their own token", async () => {
    const { httpOfA, httpOfB } = payments;
    portone.revokeTokensOf('secret-of-a');
    const error: unknown = await httpOfA.axiosRef
      .get('/anything', { portoneAuth: { retry: false } })
      .catch((reason: unknown) => reason);
    if (!isAxiosError(error)) throw error;
    portone.apiRequests.length = 0;
    const { status } = await httpOfB.axiosRef.request(error.config!);
    expect(status).toBe(200);
    expect(portone.apiRequests).toEqual([
      { path: '/anything', secret: 'secret-of-b' },
    ]);
  });
});
