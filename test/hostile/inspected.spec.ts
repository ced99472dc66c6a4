import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { Module, type DynamicModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import { AuthModule, TokenService } from '../../lib/index.js';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { everyText } from '../support/every-text.js';
import { reachableTexts } from '../support/reachable-texts.js';

const apiSecret = 'api-secret-canary-of-an-inspection';

describe('The API secret cannot be seen by inspecting', () => {
  let portone: PortOneEmulator;
  let open: { close(): Promise<unknown> }[];

  beforeEach(async () => {
    portone = await PortOneEmulator.start({ apiSecret });
    open = [{ close: () => portone.stop() }];
  });
  afterEach(async () => {
    for (const part of open.reverse()) await part.close();
  });

  const registrations: [string, () => DynamicModule][] = [
    [
      'forRoot',
      () =>
        AuthModule.forRoot({ apiSecret, baseURL: portone.url, isGlobal: true }),
    ],
    [
      'useFactory',
      () =>
        AuthModule.forRootAsync({
          useFactory: () =>
            Promise.resolve({ apiSecret, baseURL: portone.url }),
        }),
    ],
    [
      'useClass',
      () =>
        AuthModule.forRootAsync({
          useClass: class Options {
            createAuthOptions = () => ({ apiSecret, baseURL: portone.url });
          },
        }),
    ],
    [
      'a named client',
      () =>
        AuthModule.forRoot({
          apiSecret,
          baseURL: portone.url,
          name: 'default',
        }),
    ],
  ];

  it.each(registrations)('the dynamic module: %s', (_, register) => {
    expect(everyText(register())).not.toContain(apiSecret);
  });

  it.each(registrations)(
    'an app that has a token; the token cannot be seen either: %s',
    async (_, register) => {
      const module = await Test.createTestingModule({
        imports: [register()],
      }).compile();
      module.useLogger(false);
      open.push(module);
      await module.init();
      const tokens = module.get(TokenService, { strict: false });
      const held = await tokens.getAccessToken();
      const container = module.get(ModulesContainer);
      // Nest keeps the instances in WeakMaps, which cannot be searched, so they are added here.
      const instances = [...container.values()].flatMap(({ providers }) =>
        [...providers.values()].map(({ instance }) => instance as unknown),
      );
      const texts = reachableTexts([module, ...container, ...instances]);
      const reached = [...texts].join('\n');
      expect(reached.includes(portone.url)).toBe(true);
      expect(reached.includes(apiSecret)).toBe(false);
      expect(reached.includes(held)).toBe(false);
      expect(
        inspect(tokens, { depth: Infinity, showHidden: true }),
      ).not.toMatch(new RegExp(`${apiSecret}|${held}`));
    },
  );

  it('the error of a failed boot', async () => {
    @Module({
      imports: [
        AuthModule.forRoot({ apiSecret, tokenTimeout: 0, baseURL: 'nowhere' }),
      ],
    })
    class App {}
    const error: unknown = await NestFactory.create(App, {
      logger: false,
      abortOnError: false,
    }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(everyText(error)).not.toContain(apiSecret);
  });
});
