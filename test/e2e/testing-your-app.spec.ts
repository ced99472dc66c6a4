import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { AxiosResponse } from 'axios';
import { map, NEVER, of } from 'rxjs';
import {
  AuthModule,
  getPortOneFetchToken,
  PermissionGuard,
  PortOneHttpService,
  RequirePermission,
  TokenService,
  type PortOneFetch,
} from '../../lib/index.js';
import { PortOneEmulator } from '../../lib/testing/index.js';

@Controller('payments')
class PaymentsController {
  constructor(private readonly http: HttpService) {}

  @Get()
  @RequirePermission('TX_READ')
  find() {
    return this.http
      .get<{ id: string }>('/payments/payment-1')
      .pipe(map(({ data: { id } }) => ({ id })));
  }
}

async function logIn({ url, apiSecret }: PortOneEmulator): Promise<string> {
  const answer = await fetch(`${url}/login/api-secret`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ apiSecret }),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

describe('The ways to test an app that the README shows', () => {
  let portone: PortOneEmulator;
  let app: INestApplication;

  /** Starts an app whose secret has no permissions. Returns the answer of its only route. */
  const serve = async (
    arrange: (builder: TestingModuleBuilder) => TestingModuleBuilder,
  ): Promise<Response> => {
    portone = await PortOneEmulator.start({ permissions: [] });
    const { apiSecret, url: baseURL } = portone;
    @Module({
      imports: [AuthModule.forRoot({ apiSecret, baseURL })],
      controllers: [PaymentsController],
    })
    class AppModule {}
    const builder = Test.createTestingModule({ imports: [AppModule] });
    app = (await arrange(builder).compile()).createNestApplication({
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    return fetch(`${await app.getUrl()}/payments`);
  };

  afterEach(async () => {
    await app.close();
    await portone.stop();
  });

  it('with stubs of HttpService and TokenService the app does not call PortOne', async () => {
    const response = await serve((builder) =>
      builder
        .overrideProvider(PortOneHttpService)
        .useValue({ get: () => of({ data: { id: 'stubbed' } }) })
        .overrideProvider(TokenService)
        .useValue({
          events$: NEVER,
          getAccessToken: () => Promise.resolve('access-token-of-a-test'),
          peekAccessToken: () => 'access-token-of-a-test',
          hasPermission: () => true,
          missingPermissions: () => [],
        } satisfies Partial<TokenService>),
    );
    expect(await response.json()).toEqual({ id: 'stubbed' });
    expect(portone.calls.requests).toEqual([]);
  });

  it.each([[[]], [['TX_READ']]])(
    'a stub whose hasPermission returns false denies, also when missingPermissions returns %j',
    async (missing) => {
      const response = await serve((builder) =>
        builder.overrideProvider(TokenService).useValue({
          events$: NEVER,
          getAccessToken: () => Promise.resolve('access-token-of-a-test'),
          peekAccessToken: () => 'access-token-of-a-test',
          hasPermission: () => false,
          missingPermissions: () => missing,
        } satisfies Partial<TokenService>),
      );
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        code: 'PORTONE_SERVICE_PERMISSION_MISSING',
      });
      expect(portone.calls.requests).toEqual([]);
    },
  );

  it('a stub of TokenService may be its getAccessToken alone: calls carry that token, guards deny', async () => {
    let login: Promise<string> | undefined;
    const response = await serve((builder) =>
      builder.overrideProvider(TokenService).useValue({
        getAccessToken: () => (login ??= logIn(portone)),
      } satisfies Partial<TokenService>),
    );
    expect(response.status).toBe(403);
    const { axiosRef } = app.get(PortOneHttpService);
    expect((await axiosRef.get('/echo')).status).toBe(200);
    const fetchOfPortOne = app.get<PortOneFetch>(getPortOneFetchToken());
    expect((await fetchOfPortOne('/echo')).status).toBe(200);
    portone.revokeAccessTokens();
    expect((await fetchOfPortOne('/echo')).status).toBe(401);
    await expect(axiosRef.get('/echo')).rejects.toMatchObject({
      response: { status: 401 },
    });
    expect(portone.calls).toMatchObject({ tokens: 1, api: 4 });
  });

  it('a stub of TokenService without getAccessToken is named by the call that needs it', async () => {
    await serve((builder) =>
      builder.overrideProvider(TokenService).useValue({}),
    );
    await expect(
      app.get(PortOneHttpService).axiosRef.get('/echo'),
    ).rejects.toThrow('The stub of TokenService has no getAccessToken().');
    expect(portone.calls.requests).toEqual([]);
  });

  it('a spy that is put on a class after the boot is called, and its restoration ends it', async () => {
    await serve((builder) =>
      builder
        .overrideGuard(PermissionGuard)
        .useValue({ canActivate: () => true }),
    );
    const ask = async () =>
      (await fetch(`${await app.getUrl()}/payments`)).json();
    const answer = { data: { id: 'spied' } } as AxiosResponse;
    const spies = [
      jest.spyOn(HttpService.prototype, 'get').mockReturnValue(of(answer)),
      jest
        .spyOn(TokenService.prototype, 'getAccessToken')
        .mockResolvedValue('x'),
    ];
    expect(await ask()).toEqual({ id: 'spied' });
    expect(await app.get(TokenService).getAccessToken()).toBe('x');
    for (const spy of spies) spy.mockRestore();
    expect(await app.get(TokenService).getAccessToken()).toMatch(/^ey/);
    expect(await ask()).not.toEqual({ id: 'spied' });
  });

  it('overrideGuard removes the permission check only', async () => {
    const response = await serve((builder) =>
      builder
        .overrideProvider(PortOneHttpService)
        .useValue({ get: () => of({ data: { id: 'unguarded' } }) })
        .overrideGuard(PermissionGuard)
        .useValue({ canActivate: () => true }),
    );
    expect(await response.json()).toEqual({ id: 'unguarded' });
    expect(portone.calls.tokens).toBe(1);
  });

  it('without a stub the route is denied', async () => {
    const response = await serve((builder) => builder);
    expect(response.status).toBe(403);
    expect(portone.calls.api).toBe(0);
  });
});
