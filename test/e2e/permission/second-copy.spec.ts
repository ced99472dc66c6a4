import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
} from '@jest/globals';
import { Controller, Get, UseFilters, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AxiosError } from 'axios';
import * as ours from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
  verifyingBy,
} from './guarded-app.js';
import { loadSecondCopy, type Copy } from '../../support/second-copy.js';

let theirs: Copy;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ theirs, remove } = await loadSecondCopy());
});
afterAll(() => remove());

const guardedRoutes = (first: Copy, second: Copy): Type => {
  @Controller()
  @first.RequirePermission('TX_READ')
  class Payments {
    @Get('own')
    @second.RequirePermission('TX_UPDATE')
    own() {
      return 'own';
    }

    @Get('callers')
    @second.RequirePermission({ source: 'caller' }, 'TX_READ')
    callers() {
      return 'callers';
    }

    @Get('skipped')
    @second.SkipPermissionCheck()
    skipped() {
      return 'skipped';
    }
  }
  return Payments;
};

describe('Two copies of the package in one process', () => {
  afterEach(closeGuardedApps);

  it('are loaded separately', () => {
    expect(theirs.PermissionGuard).not.toBe(ours.PermissionGuard);
  });

  it.each(['ours first', 'theirs first'])(
    'enforce requirements of both on one route, %s',
    async (order) => {
      const [first, second] =
        order === 'ours first' ? [ours, theirs] : [theirs, ours];
      const statuses = async (permissions: string[]) => {
        const { ask, portone } = await openGuardedApp({
          controllers: [guardedRoutes(first, second)],
          permissions: verifyingBy(),
          emulator: { permissions },
        });
        const token = `Bearer ${await portone.issueAccessToken()}`;
        return [
          (await ask('/own')).status,
          (await ask('/callers')).status,
          (await ask('/callers', token)).status,
          (await ask('/skipped')).status,
        ];
      };
      expect(await statuses(['TX_READ', 'TX_UPDATE'])).toEqual([
        200, 401, 200, 200,
      ]);
      expect(await statuses(['TX_READ'])).toEqual([403, 401, 200, 200]);
      expect(await statuses(['TX_UPDATE'])).toEqual([403, 401, 403, 200]);
    },
  );

  it.each(['ours first', 'theirs first'])(
    'send the challenge and report one denial, %s',
    async (order) => {
      const copies = order === 'ours first' ? [ours, theirs] : [theirs, ours];
      const { ask, events } = await openGuardedApp({
        controllers: [guardedRoutes(copies[0]!, copies[1]!)],
        permissions: verifyingBy(),
      });
      const { headers } = await ask('/callers', 'Bearer a.b.c');
      expect(headers['www-authenticate']).toContain('error="invalid_token"');
      const denials = events.filter(({ type }) => type === 'permission-denied');
      expect(denials).toHaveLength(1);
    },
  );

  it("notice each other's decorators on one handler", () => {
    expect(() => {
      class Contradictory {
        @ours.SkipPermissionCheck()
        @theirs.RequirePermission('TX_READ')
        method() {}
      }
      return Contradictory;
    }).toThrow('stands beside @SkipPermissionCheck');
  });

  it('do not count the guard of the other copy as one that authenticates callers', async () => {
    @Controller()
    @theirs.RequirePermission('TX_READ')
    class Payments {
      @Get('payments')
      @ours.RequirePermission('TX_READ')
      list() {
        return 'let in';
      }
    }
    const { log } = await openGuardedApp({ controllers: [Payments] });
    const warnings = log.lines.filter((line) =>
      line.includes('No other guard protects these routes'),
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('Payments.list');
  });

  it('recognize a TokenUnavailableError of the other copy, in the filter and with instanceof', async () => {
    @Controller()
    class Payments {
      constructor(private readonly tokens: ours.TokenService) {}

      @Get('payments')
      @UseFilters(theirs.TokenUnavailableFilter)
      list() {
        return this.tokens.getAccessToken();
      }
    }
    const { ask, portone, tokens } = await openGuardedApp({
      controllers: [Payments],
      options: { eager: false },
    });
    portone.fail('tokens', { kind: 'status', status: 503 });
    const { status, headers, body } = await ask('/payments');
    expect([status, Number(headers['retry-after'])]).toEqual([503, 2]);
    expect(body).toContain('PORTONE_TOKEN_UNAVAILABLE');
    const error: unknown = await tokens.getAccessToken().catch((it) => it);
    class Derived extends theirs.TokenUnavailableError {}
    expect(error).toBeInstanceOf(theirs.TokenUnavailableError);
    expect(error).not.toBeInstanceOf(Derived);
    expect(AxiosError.from(error as Error)).not.toBeInstanceOf(
      theirs.TokenUnavailableError,
    );
  });

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

  it('do not boot when both register the same client name', async () => {
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
