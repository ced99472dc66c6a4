import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { runCli } from '../../support/cli.js';
import { RedisServer } from '../../support/redis-server.js';

/** What doctor printed for one check. */
interface Line {
  readonly outcome: string | undefined;
  readonly says: string;
  readonly cure: string | undefined;
}

describe('The command doctor', () => {
  let portone: PortOneEmulator;
  let env: Record<string, string>;

  beforeEach(async () => {
    portone = await PortOneEmulator.start();
    env = {
      PORTONE_API_SECRET: portone.apiSecret,
      PORTONE_API_BASE_URL: portone.url,
    };
  });
  afterEach(() => portone.stop());

  const doctor = async (
    more: Record<string, string> = {},
    args: string[] = [],
  ) => {
    const { code, out, err } = await runCli(['doctor', ...args], {
      env: { ...env, ...more },
    });
    expect(err).toBe('');
    expect(out).not.toContain(portone.apiSecret);
    const lineOf = (name: string): Line => {
      const pattern = RegExp(
        `^(pass|FAIL|skip)  ${name} +(.*)\n(?:      cure +(.*)\n)?`,
        'm',
      );
      const [, outcome, says = '', cure] = pattern.exec(out) ?? [];
      return { outcome, says, cure };
    };
    return { code, out, lineOf };
  };

  it('passes every check that applies to a working emulator, and does not log in', async () => {
    const { code, out, lineOf } = await doctor();
    expect(code).toBe(0);
    expect(out).toMatch(/\n4 passed, 0 failed, 4 skipped\n$/);
    for (const name of ['secret', 'base URL', 'answer', 'clock'])
      expect([name, lineOf(name).outcome]).toEqual([name, 'pass']);
    for (const name of ['dns', 'proxy', 'tls', 'redis'])
      expect([name, lineOf(name).outcome]).toEqual([name, 'skip']);
    expect(portone.calls.tokens).toBe(0);
    expect(JSON.stringify(portone.calls.requests)).not.toContain(
      portone.apiSecret,
    );
  });

  it.each([
    ['', 'is not set'],
    ['"quoted"', 'it is in quotes'],
    ['two words', 'it contains whitespace'],
    ['PortOne abc', 'it begins with the scheme'],
    ['abc\n', 'it contains a line break'],
    ['whsec_abc', 'holds a webhook secret'],
  ])(
    'fails for the secret %j, says why, and runs the other checks',
    async (secret, said) => {
      const { code, out, lineOf } = await doctor({
        PORTONE_API_SECRET: secret,
      });
      expect(code).toBe(1);
      expect(lineOf('secret')).toMatchObject({
        outcome: 'FAIL',
        says: expect.stringContaining(said),
      });
      expect(lineOf('secret').cure).toBeTruthy();
      expect(lineOf('clock').outcome).toBe('pass');
      expect(out).toMatch(/, 1 failed, /);
    },
  );

  it.each([
    [-600_000, '10 minutes ahead of'],
    [7_200_000, '2 hours behind'],
  ])('fails when the clock of the API is %i ms from ours', async (ms, said) => {
    const ahead = await PortOneEmulator.start({
      clock: { now: () => Date.now() + ms },
    });
    const { code, lineOf } = await doctor({ PORTONE_API_BASE_URL: ahead.url });
    await ahead.stop();
    expect(code).toBe(1);
    expect(lineOf('clock')).toEqual({
      outcome: 'FAIL',
      says: expect.stringMatching(RegExp(`is (${said}|.* \\d+ seconds) `)),
      cure: expect.stringContaining('NTP'),
    });
  });

  it('fails when no server answers at the base URL, and skips the check of the clock', async () => {
    await portone.stop();
    const { code, lineOf } = await doctor();
    expect(code).toBe(1);
    expect(lineOf('answer').says).toContain('ECONNREFUSED');
    expect(lineOf('clock').outcome).toBe('skip');
  });

  it('fails for a base URL without https, and makes no call', async () => {
    const { code, lineOf, out } = await doctor({
      PORTONE_API_BASE_URL: 'http://user:pw@example.com',
    });
    expect(code).toBe(1);
    expect(lineOf('base URL').outcome).toBe('FAIL');
    expect(lineOf('answer').outcome).toBeUndefined();
    expect(out).not.toContain('pw');
  });

  describe('with a Redis', () => {
    let redis: RedisServer;
    beforeEach(async () => {
      redis = await RedisServer.start('--requirepass', 'pass word');
    });
    afterEach(() => redis.stop());

    const at = (user: string, rest = '') =>
      redis.url.replace('//', `//${user}@`) + rest;

    it('passes when Redis runs the scripts of the store', async () => {
      const { code, lineOf } = await doctor({
        REDIS_URL: at(':pass%20word', '/2'),
      });
      expect([code, lineOf('redis').outcome]).toEqual([0, 'pass']);
    });

    it.each([
      ['no password', () => redis.url, 'NOAUTH'],
      ['a wrong password', () => at(':wrong'), 'WRONGPASS'],
      [
        'another protocol',
        () => redis.url.replace('redis:', 'https:'),
        'not a redis://',
      ],
      [
        'TLS to a Redis without TLS',
        () => redis.url.replace('redis:', 'rediss:'),
        'does not answer within 5 s',
      ],
    ])(
      'fails with %s and never shows the password',
      async (_, address, said) => {
        const { code, out, lineOf } = await doctor({ REDIS_URL: address() });
        expect(code).toBe(1);
        expect(lineOf('redis').says).toContain(said);
        expect(lineOf('redis').cure).toBeTruthy();
        expect(out).not.toMatch(/pass word|:wrong/);
      },
    );

    it('fails when Redis is down', async () => {
      await redis.kill();
      const { code, lineOf } = await doctor({}, ['--redis-url', redis.url]);
      expect(code).toBe(1);
      expect(lineOf('redis').says).toContain('ECONNREFUSED');
    });

    it('fails for a replica', async () => {
      const replica = await RedisServer.start('--replicaof', '127.0.0.1', '9');
      const { lineOf } = await doctor({ REDIS_URL: replica.url });
      await replica.stop();
      expect(lineOf('redis').says).toMatch(/READONLY|MASTERDOWN/);
    });

    it.each([
      ['the keys of the store', '~other:* +@all'],
      ['a command of the store', '~nestjs-portone-auth:* +@all -pttl'],
    ])('fails for a user that may not use %s', async (_, rules) => {
      const user = ['--user', 'shop', 'on', '>pw', ...rules.split(' ')];
      const limited = await RedisServer.start(...user);
      const { lineOf } = await doctor({
        REDIS_URL: limited.url.replace('//', '//shop:pw@'),
      });
      await limited.stop();
      expect(lineOf('redis').says).toContain('NOPERM');
    });
  });

  it('fails when another server than Redis answers at REDIS_URL', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, lineOf } = await doctor({
      REDIS_URL: `redis://127.0.0.1:${port}`,
    });
    server.close();
    expect([code, lineOf('redis').outcome]).toEqual([1, 'FAIL']);
    expect(lineOf('redis').says).toContain('is not Redis');
  });
});
