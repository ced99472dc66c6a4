import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { Tarball } from './tarball.js';

describe('A process with the packed package', () => {
  let tarball: Tarball;
  let portone: PortOneEmulator;

  beforeAll(async () => {
    tarball = await Tarball.install();
    portone = await PortOneEmulator.start();
  }, 120_000);
  afterAll(async () => {
    await portone?.stop();
    await tarball?.remove();
  });

  const script = (then: string) => `
    import 'reflect-metadata';
    import { NestFactory } from '@nestjs/core';
    import { AuthModule, PortOneHttpService, TokenService } from 'nestjs-portone-auth';
    const client = ${JSON.stringify({ apiSecret: portone.apiSecret, baseURL: portone.url })};
    const app = await NestFactory.createApplicationContext(AuthModule.forRoot(client), { logger: false });
    const { status } = await app.get(PortOneHttpService).axiosRef.get('/payments/payment-1');
    ${then}
  `;

  it('exits although its application is not closed, because the schedule does not keep it alive', async () => {
    const answer = script(
      'console.log(JSON.stringify([status, app.get(TokenService).snapshot().state]));',
    );
    expect(await tarball.evaluate('module', answer)).toEqual([200, 'fresh']);
  });

  it("has no open handle after app.close() except Node's idle sockets", async () => {
    const answer = script(`
      await app.close();
      const left = process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY|File|PipeWrap|TTYWrap)/.test(name));
      console.log(JSON.stringify(left.filter((name) => name !== 'TCPSocketWrap')));
    `);
    expect(await tarball.evaluate('module', answer)).toEqual([]);
  });
});
