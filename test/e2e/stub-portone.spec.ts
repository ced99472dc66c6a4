import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import type { INestApplication } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { isAxiosError } from 'axios';
import http from 'node:http';
import https from 'node:https';
import { firstValueFrom } from 'rxjs';
import {
  getPortOneFetchToken,
  isTokenUnavailableError,
  TokenService,
  TokenUnavailableFilter,
  type PortOneFetch,
} from '../../lib/index.js';
import {
  stubPortOne,
  type StubbedPortOne,
  type StubbedRequest,
} from '../../lib/testing/index.js';
import {
  AppModule,
  readSecret,
  ClientB,
  PaymentsGateway,
  TokenWatch,
} from '../support/stubbed-app.js';

describe('stubPortOne', () => {
  let app: INestApplication;

  const serve = async (stub?: StubbedPortOne) => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await stubPortOne(builder, stub).compile();
    app = module.createNestApplication({ logger: false });
    app.useGlobalFilters(new TokenUnavailableFilter(app.get(HttpAdapterHost)));
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const sent = [jest.spyOn(http, 'request'), jest.spyOn(https, 'request')];
    return {
      get: (path: string) => fetch(`${url}${path}`),
      sent: () => sent.flatMap(({ mock }) => mock.calls),
    };
  };

  afterEach(async () => {
    jest.restoreAllMocks();
    await app?.close();
    expect(readSecret).not.toHaveBeenCalled();
  });

  it('answers requests itself: it reads no secret, does not log in and sends nothing', async () => {
    const seen: StubbedRequest[] = [];
    const { get, sent } = await serve({
      respond: (request) => {
        seen.push(request);
        return { status: 'PAID' };
      },
    });
    expect(await (await get('/payments/order-1')).json()).toEqual({
      status: 'PAID',
    });
    expect(seen).toMatchObject([
      {
        client: 'default',
        method: 'GET',
        path: '/payments/order-1',
        headers: { authorization: expect.stringMatching(/^Bearer eyJ/) },
      },
    ]);
    expect(sent()).toEqual([]);
  });

  it('gives a fresh token with the permissions and claims of the stub', async () => {
    await serve({ permissions: ['TX_READ'], claims: { user_id: 'me' } });
    expect(app.get(TokenWatch).isHealthy()).toBe(true);
    const tokens = app.get(TokenService);
    expect(tokens.hasPermission('TX_READ')).toBe(true);
    expect(tokens.missingPermissions('TX_UPDATE')).toEqual(['TX_UPDATE']);
    expect(await tokens.getClaims()).toMatchObject({ user_id: 'me' });
    const before = tokens.peekAccessToken();
    await tokens.renew();
    expect(tokens.peekAccessToken()).not.toBe(before);
  });

  it('returns a 401 of the stub after one replay, and the token stays healthy', async () => {
    const { get } = await serve({
      respond: () => ({ status: 401, body: { type: 'UNAUTHORIZED' } }),
    });
    expect(await (await get('/payments/order-1')).json()).toEqual({
      refusedWith: 401,
      replayed: true,
      replayable: true,
    });
    expect(await app.get(PaymentsGateway).find('order-1')).toEqual({
      type: 'UNAUTHORIZED',
    });
    expect(app.get(TokenWatch).isHealthy()).toBe(true);
  });

  it('answers 403 for a missing permission, and 503 when there is no token', async () => {
    const denied = await (await serve({ permissions: [] })).get('/payments/1');
    expect([denied.status, await denied.json()]).toMatchObject([
      403,
      { code: 'PORTONE_SERVICE_PERMISSION_MISSING' },
    ]);
    await app.close();
    const none = await (await serve({ unavailable: true })).get('/payments/1');
    expect([none.status, await none.json()]).toMatchObject([
      503,
      { code: 'PORTONE_TOKEN_UNAVAILABLE' },
    ]);
    const failure = await app
      .get(TokenService)
      .getAccessToken()
      .catch((error: unknown) => error);
    expect(isTokenUnavailableError(failure)).toBe(true);
    expect(app.get(TokenWatch).isHealthy()).toBe(false);
  });

  it('stubs every client, with settings of its own for a named client', async () => {
    const { get } = await serve({
      respond: ({ client }) => ({ client }),
      clients: { b: { permissions: [] } },
    });
    expect(await (await get('/payments/1')).json()).toEqual({
      client: 'default',
    });
    expect((await get('/payments/b/1')).status).toBe(403);
    expect(app.get(ClientB).tokens.snapshot()).toMatchObject({
      client: 'b',
      state: 'fresh',
    });
    await app.close();
    const other = await serve({ respond: ({ client }) => ({ client }) });
    expect(await (await other.get('/payments/b/1')).json()).toEqual({
      client: 'b',
    });
  });

  it('answers 501 with a hint when the stub has no respond', async () => {
    await serve();
    const error = await firstValueFrom(
      app.get(HttpService).get('/payments/1'),
    ).catch((reason: unknown) => reason);
    expect(isAxiosError(error) && error.response).toMatchObject({
      status: 501,
      data: { message: expect.stringContaining('respond') },
    });
  });

  it('passes bodies to respond, and the given options to AuthModule', async () => {
    const seen: StubbedRequest[] = [];
    await serve({
      options: { baseURL: 'https://api.portone.io' },
      respond: (request) => void seen.push(request),
    });
    const { axiosRef } = app.get(HttpService);
    await axiosRef.post('/payments/1/cancel?a=1', { reason: 'late' });
    await axiosRef.post('/payments/1/cancel', 'no JSON', { params: { b: 2 } });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: 'https://api.portone.io/payments/1/cancel?a=1',
        body: { reason: 'late' },
      },
      { body: 'no JSON' },
    ]);
    expect(seen[1]?.query.get('b')).toBe('2');
  });

  it('answers fetch too, with a token and one replay of a 401', async () => {
    const seen: StubbedRequest[] = [];
    const { sent } = await serve({
      respond: (request) => {
        seen.push(request);
        return request.path === '/refused'
          ? { status: 401, body: {} }
          : { status: 'PAID', client: request.client };
      },
    });
    const fetch = app.get<PortOneFetch>(getPortOneFetchToken());
    const paid = await fetch('/payments/1?a=1', {
      method: 'POST',
      body: JSON.stringify({ reason: 'late' }),
    });
    expect(await paid.json()).toEqual({ status: 'PAID', client: 'default' });
    expect((await fetch('/refused')).status).toBe(401);
    expect(await (await app.get(ClientB).fetch('/payments/2')).json()).toEqual({
      status: 'PAID',
      client: 'b',
    });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: 'https://portone.invalid/payments/1?a=1',
        path: '/payments/1',
        headers: { authorization: expect.stringMatching(/^Bearer eyJ/) },
        body: { reason: 'late' },
      },
      { path: '/refused', body: undefined },
      { path: '/refused' },
      { path: '/payments/2', client: 'b' },
    ]);
    expect(sent()).toEqual([]);
  });

  it.each<[string, RequestInit['body'], unknown]>([
    ['text', 'no JSON', 'no JSON'],
    ['a query', new URLSearchParams({ a: '1' }), 'a=1'],
    ['bytes', new Uint8Array([0, 255]), new Uint8Array([0, 255])],
  ])('passes %s as the body of fetch to respond', async (_, body, shown) => {
    const seen: StubbedRequest[] = [];
    await serve({ respond: (request) => void seen.push(request) });
    const fetch = app.get<PortOneFetch>(getPortOneFetchToken());
    await fetch('/payments/1', { method: 'POST', body });
    expect(seen[0]?.body).toEqual(shown);
  });

  it('passes a form of fetch to respond as a form, and answers without a body', async () => {
    const seen: StubbedRequest[] = [];
    await serve({
      respond: (request) => {
        seen.push(request);
        return { status: 204 };
      },
    });
    const body = new FormData();
    body.append('amount', '1');
    const fetch = app.get<PortOneFetch>(getPortOneFetchToken());
    const response = await fetch('/payments/1', { method: 'POST', body });
    expect([response.status, response.body]).toEqual([204, null]);
    expect((seen[0]!.body as FormData).get('amount')).toBe('1');
  });
});
