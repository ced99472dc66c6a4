import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Injectable, Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HttpHealthIndicator, TerminusModule } from '@nestjs/terminus';
import axios, { type AxiosRequestConfig } from 'axios';
import { closeShops, openShop } from '../../support/shop.js';
import { closeWitnesses, openWitness, type Seen } from './witness.js';

/** Settings of an app for PortOne. */
const http: AxiosRequestConfig = {
  timeout: 50,
  maxRedirects: 0,
  headers: { 'X-Shop': '1', Accept: 'application/vnd.portone' },
  params: { storeId: 'store-1' },
  validateStatus: () => true,
  responseType: 'text',
  maxContentLength: 1,
};

/** A site that redirects once, answers after 100 ms, and records its requests. */
const openSite = () =>
  openWitness((request, response) => {
    if (request.url === '/')
      return response.writeHead(302, { location: '/home' }).end();
    if (request.url === '/broken') return response.writeHead(500).end('{}');
    setTimeout(() => response.end('{"is":"well"}'), 100);
  });

const plainOf = ({ path, body, headers }: Seen) => {
  const { host: _, ...rest } = headers;
  return { path, body, headers: rest };
};

afterEach(async () => {
  closeWitnesses();
  await closeShops();
});

describe('For another origin, HttpService behaves as a plain axios instance:', () => {
  it.each<[string, AxiosRequestConfig]>([
    ['redirects, timeout and answer', { url: '/' }],
    ['a body', { url: '/home', method: 'post', data: { amount: 1 } }],
    [
      'its own settings',
      { url: '/home', params: { a: 1 }, headers: { 'X-Own': '1' } },
    ],
  ])('%s', async (_, request) => {
    const site = await openSite();
    const shop = await openShop({ options: { http } });
    const url = `${site.url}${request.url}`;
    const ours = await shop.http.axiosRef.request({ ...request, url });
    const plain = await axios.create().request({ ...request, url });
    const half = site.seen.length / 2;
    expect(site.seen.slice(0, half).map(plainOf)).toEqual(
      site.seen.slice(half).map(plainOf),
    );
    expect([ours.status, ours.data]).toEqual([plain.status, plain.data]);
    expect(site.seen[0]?.authorization).toBeUndefined();
  });

  it('errors', async () => {
    const site = await openSite();
    const shop = await openShop({ options: { http } });
    await expect(
      shop.http.axiosRef.get(`${site.url}/broken`),
    ).rejects.toMatchObject({
      isAxiosError: true,
      response: { status: 500 },
    });
  });

  it('the settings apply to requests to PortOne', async () => {
    const shop = await openShop({
      options: { http: { ...http, maxContentLength: -1 } },
    });
    await shop.http.axiosRef.get('/echo');
    const sent = shop.portone.calls.requests.at(-1);
    expect(sent?.headers).toMatchObject({ 'x-shop': '1' });
    expect(sent?.path).toBe('/echo?storeId=store-1');
  });
});

describe('An HttpService that other code gets from the container of Nest', () => {
  @Injectable()
  class Elsewhere {
    constructor(private readonly modules: ModuleRef) {}

    get http(): HttpService {
      return this.modules.get(HttpService, { strict: false });
    }
  }

  @Module({ imports: [TerminusModule], providers: [Elsewhere] })
  class OthersModule {}

  it('follows the redirect of a site: ModuleRef.get(HttpService)', async () => {
    const site = await openSite();
    const shop = await openShop({ options: { http }, imports: [OthersModule] });
    const found = shop.module.get(Elsewhere, { strict: false }).http;
    const { data } = await found.axiosRef.get<unknown>(`${site.url}/`);
    expect(data).toEqual({ is: 'well' });
    expect(site.seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('lets the health check of a site that redirects pass', async () => {
    const site = await openSite();
    const shop = await openShop({ options: { http }, imports: [OthersModule] });
    const indicator = await shop.module.resolve(
      HttpHealthIndicator,
      undefined,
      {
        strict: false,
      },
    );
    expect(await indicator.pingCheck('site', `${site.url}/`)).toEqual({
      site: { status: 'up' },
    });
    expect(site.seen.map(({ path }) => path)).toEqual(['/', '/home']);
  });
});

describe('The objects of axios that HttpService shares between requests, `transitional` and `env`:', () => {
  const transitionalOf = async (
    options: AxiosRequestConfig,
    request: AxiosRequestConfig = {},
  ) => {
    const { http: service } = await openShop({ options: { http: options } });
    const { config, data } = await service.axiosRef.get<unknown>(
      '/payments/payment-1',
      { ...request, validateStatus: () => true },
    );
    return { ...config.transitional, data: typeof data, env: config.env };
  };
  const usual = {
    ...axios.defaults.transitional,
    data: 'object',
    env: axios.defaults.env,
  };

  it('are those of axios', async () => {
    expect(await transitionalOf({})).toEqual(usual);
  });

  it('keep the other fields when the option `http` or a request sets one', async () => {
    const transitional = { clarifyTimeoutError: true };
    const expected = { ...usual, ...transitional };
    expect(await transitionalOf({ transitional })).toEqual(expected);
    expect(await transitionalOf({}, { transitional })).toEqual(expected);
  });

  it('are those of axios in an instance made by axiosRef.create(), too', async () => {
    const { http: service } = await openShop();
    const transitional = { clarifyTimeoutError: true };
    const made = service.axiosRef.create({ transitional });
    const plain = axios.create({ transitional });
    const { env, transitional: merged } = made.defaults;
    expect([env, merged]).toEqual([
      plain.defaults.env,
      plain.defaults.transitional,
    ]);
  });

  it('can be changed on the defaults, and in an interceptor for one request alone', async () => {
    const { http: service } = await openShop();
    const { axiosRef } = service;
    axiosRef.defaults.transitional!.clarifyTimeoutError = true;
    axiosRef.interceptors.request.use((config) => {
      config.transitional!.silentJSONParsing = false;
      return config;
    });
    const { config } = await axiosRef.get('/payments/payment-1', {
      validateStatus: () => true,
    });
    expect(config.transitional).toMatchObject({
      clarifyTimeoutError: true,
      silentJSONParsing: false,
    });
    expect(axiosRef.defaults.transitional).toMatchObject({
      clarifyTimeoutError: true,
      silentJSONParsing: true,
    });
    expect(axios.defaults.transitional!.clarifyTimeoutError).toBe(false);
  });
});
