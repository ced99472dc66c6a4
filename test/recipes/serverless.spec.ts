import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PortOneEmulator } from '../../lib/testing/index.js';

const EVENT = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/payments/payment-1',
  rawQueryString: '',
  headers: {},
  requestContext: {
    http: { method: 'GET', path: '/payments/payment-1', sourceIp: '127.0.0.1' },
  },
  isBase64Encoded: false,
};

describe('A serverless function', () => {
  let portone: PortOneEmulator;
  const env = { ...process.env };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    portone = await PortOneEmulator.start();
    process.env['PORTONE_API_SECRET'] = portone.apiSecret;
    process.env['PORTONE_API_BASE_URL'] = portone.url;
  });
  afterAll(async () => {
    process.env = env;
    await portone.stop();
  });

  it('starts the app once, does not log in at boot, and logs in once for all invocations', async () => {
    const { handler, vercel } = await import('./serverless.js');
    expect(portone.calls.tokens).toBe(0);
    const invoke = () =>
      handler(EVENT, {} as never, () => undefined) as Promise<{
        statusCode: number;
        body: string;
      }>;
    for (let invocation = 0; invocation < 3; invocation += 1) {
      const { statusCode, body } = await invoke();
      expect([statusCode, JSON.parse(body)]).toMatchObject([
        200,
        { id: 'payment-1' },
      ]);
    }
    const server = createServer((request, response) => {
      void vercel(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/payments/payment-2`;
    expect((await fetch(url)).status).toBe(200);
    server.closeAllConnections();
    server.close();
    expect(portone.calls.login).toBe(1);
  });
});
