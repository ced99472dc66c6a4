import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { RequirePermission } from '../../../lib/index.js';
import { VirtualTime } from '../../support/virtual-time.js';
import { until } from '../../support/virtual-time.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
} from '../permission/guarded-app.js';
import { asRequest, requestNow, Witness, WitnessAgent } from './requests.js';

@Controller()
class Payments {
  @Get('payments')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  list() {
    return requestNow() ?? 'no request';
  }
}

describe("The keys of callers' tokens", () => {
  afterEach(closeGuardedApps);

  async function openKeys() {
    const witness = new Witness();
    const time = new VirtualTime();
    const portone = await openPortOne({ clock: time.trueTime });
    const { jwksUri } = portone;
    const opened = await openGuardedApp({
      time,
      portone,
      controllers: [Payments],
      permissions: () => ({ verification: { jwksUri } }),
      options: {
        eager: false,
        http: { httpAgent: new WitnessAgent(witness) },
      },
      prepare: (app) => {
        app.useLogger(witness.logger);
        app.use((request: IncomingMessage, _: unknown, next: () => void) =>
          asRequest(request.url!.slice(-1), next),
        );
      },
    });
    const ask = async (id: string) => {
      const token = await portone.issueAccessToken();
      return opened.ask(`/payments?id=${id}`, `Bearer ${token}`);
    };
    return { ...opened, witness, ask };
  }

  it('are fetched outside of any request, and waiting callers go on in their own request', async () => {
    const { witness, ask } = await openKeys();
    const answers = await Promise.all([ask('A'), ask('B'), ask('C')]);
    expect(answers.map(({ body }) => body)).toEqual(['A', 'B', 'C']);
    expect(witness.parts).toEqual(
      expect.arrayContaining(['fetch of keys', 'token call']),
    );
    expect(witness.inRequests).toEqual([]);
  });

  it('are fetched again in the background, outside of any request', async () => {
    const { witness, ask, time, portone } = await openKeys();
    await ask('A');
    await time.advance(700_000);
    witness.forget();
    expect((await ask('B')).body).toBe('B');
    await until(() => portone.calls.jwks === 2);
    expect(witness.parts).toContain('fetch of keys');
    expect(witness.inRequests).toEqual([]);
  });

  it('cause log lines outside of any request when a fetch fails and when one works again', async () => {
    const { witness, ask, time, portone } = await openKeys();
    portone.fail('jwks', { kind: 'status', status: 503 });
    expect((await ask('A')).status).toBe(503);
    expect(witness.parts).toContain('warn');
    portone.heal();
    await time.advance(60_000);
    expect((await ask('B')).status).toBe(200);
    expect(witness.parts).toContain('log');
    expect(witness.inRequests).toEqual(
      // The denial itself is logged in its request.
      ['debug in A'],
    );
  });
});
