import { once } from 'node:events';
import { Agent, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosInstance } from 'axios';
import FormData from 'form-data';
import { isTokenUnavailableError } from '../../../lib/index.js';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';
import { closeWitnesses, openWitness } from './witness.js';

const payment = '/payments/payment-1';
const CHUNK = 'x'.repeat(1024);

const agents: Agent[] = [];

/** A pool of one connection. */
function poolOfOne(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  closeWitnesses();
  await closeShops();
});

describe('A refused stream', () => {
  it('frees its connection before the token call is answered', async () => {
    const httpAgent = poolOfOne();
    const { http, portone, time } = await openShop({
      options: { http: { httpAgent } },
    });
    const body = { message: 'x'.repeat(4 << 20) };
    portone.fail('api', { kind: 'status', status: 401, body }, { times: 1 });
    portone.fail('tokens', { kind: 'hang' });
    portone.resetCalls();
    const refused = http.axiosRef
      .get(payment, { responseType: 'stream' })
      .catch((error: unknown) => error);
    await until(() => portone.calls.tokens === 1);
    expect((await http.axiosRef.get('/payments/payment-2')).status).toBe(200);
    await time.advance(10_000);
    expect(isTokenUnavailableError(await refused)).toBe(true);
  });

  it('does not delay the replay, even when it is long', async () => {
    const httpAgent = poolOfOne();
    const { http, portone } = await openShop({
      options: { http: { httpAgent } },
    });
    const body = { message: 'x'.repeat(4 << 20) };
    portone.fail('api', { kind: 'status', status: 401, body }, { times: 1 });
    const { data } = await http.axiosRef.get<Readable>(payment, {
      responseType: 'stream',
    });
    expect(JSON.parse(await text(data))).toMatchObject({ id: 'payment-1' });
  });

  it.each([
    ['is read up to 64 KiB when it has no end', 1],
    ['is read for at most one second when it stalls', undefined],
  ])('%s', async (_, everyMs) => {
    let isClosed = false;
    let bytes = 0;
    const api = await openWitness((request, response) => {
      if (api.seen.length > 1) return void response.end('{}');
      response.writeHead(401, { 'content-type': 'application/json' });
      const write = () => {
        bytes += CHUNK.length;
        response.write(CHUNK);
      };
      write();
      const ticking = everyMs && setInterval(write, everyMs);
      request.socket.on('close', () => {
        clearInterval(ticking);
        isClosed = true;
      });
    });
    const { http, time } = await openShop({
      options: { allowedOrigins: [api.url] },
    });
    const answer = http.axiosRef.get<Readable>(`${api.url}/x`, {
      responseType: 'stream',
    });
    expect(await text((await answer).data)).toBe('{}');
    if (everyMs) {
      await until(() => isClosed);
      expect(bytes).toBeGreaterThan(64 * 1024);
      expect(bytes).toBeLessThan(4 << 20);
    } else {
      expect(isClosed).toBe(false);
      await time.advance(1_000);
      await until(() => isClosed);
    }
  });
});

describe('A streamed answer', () => {
  const receipt = '{"id":"payment-1"}';

  /** Opens an API whose answers have a Content-Length, and gets one of them. */
  const openReceipt = async () => {
    const api = await openWitness((_, response) =>
      response
        .writeHead(200, 'Fine', { 'content-length': receipt.length })
        .end(receipt),
    );
    const { http } = await openShop({ options: { allowedOrigins: [api.url] } });
    const { data } = await http.axiosRef.get<Readable>(`${api.url}/x`, {
      responseType: 'stream',
    });
    expect(api.seen[0]?.authorization).toMatch(/^Bearer /);
    return { api, http, data };
  };

  it("keeps headers, status and other fields of Node's message", async () => {
    const { data } = await openReceipt();
    const { headers, rawHeaders, statusCode, statusMessage, httpVersion } =
      data as IncomingMessage;
    expect([statusCode, statusMessage, httpVersion]).toEqual([
      200,
      'Fine',
      '1.1',
    ]);
    expect(headers['content-length']).toBe(String(receipt.length));
    expect(rawHeaders).toContain('content-length');
    expect(await text(data)).toBe(receipt);
    expect((data as IncomingMessage).complete).toBe(true);
  });

  it('can be appended to a form, which knows its length as with plain axios', async () => {
    const { api, http, data } = await openReceipt();
    const form = new FormData();
    form.append('receipt', data, 'receipt.json');
    const length = await new Promise<number>((resolve, reject) =>
      form.getLength((error, known) =>
        error ? reject(error) : resolve(known),
      ),
    );
    await http.axiosRef.post(`${api.url}/upload`, form);
    const upload = api.seen[1];
    expect(upload?.headers['content-length']).toBe(String(length));
    expect(Buffer.byteLength(upload?.body ?? '')).toBe(length);
    expect(upload?.body).toContain(receipt);
  });

  it('that breaks off ends with the error that it has with plain axios', async () => {
    let breakOff: () => void;
    const api = await openWitness((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      breakOff = () => response.destroy();
    });
    const { http } = await openShop({ options: { allowedOrigins: [api.url] } });
    const outcome = async (instance: AxiosInstance) => {
      const { data } = await instance.get<Readable>(`${api.url}/x`, {
        responseType: 'stream',
      });
      let read = '';
      const error: unknown = await (async () => {
        for await (const chunk of data) {
          read += String(chunk);
          breakOff();
        }
      })().catch(({ code, message }) => ({ code, message }) as unknown);
      return { read, error, aborted: (data as IncomingMessage).aborted };
    };
    const ours = await outcome(http.axiosRef);
    expect(ours).toEqual(await outcome(axios.create()));
    expect(ours).toMatchObject({
      read: 'half',
      error: { code: 'ECONNRESET', message: 'aborted' },
    });
  });

  it('closes its connection when the app destroys it', async () => {
    const httpAgent = poolOfOne();
    const { http, portone } = await openShop({
      options: { http: { httpAgent } },
    });
    portone.fail('api', { kind: 'slow-drip', intervalMs: 5 }, { times: 1 });
    const { data } = await http.axiosRef.get<Readable>(payment, {
      responseType: 'stream',
    });
    data.destroy();
    await once(data, 'close');
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });
});
