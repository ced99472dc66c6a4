import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { CliProcess } from '../support/cli.js';

const DEAD = 'http://127.0.0.1:9';
const PROXIES = {
  HTTP_PROXY: DEAD,
  HTTPS_PROXY: DEAD,
  ALL_PROXY: DEAD,
  http_proxy: DEAD,
  https_proxy: DEAD,
  all_proxy: DEAD,
};

describe('npm run demo, with a dead proxy in the environment', () => {
  it('passes every step, hides the log of the build, and ends with commands to try next', async () => {
    const env = { ...PROXIES, HOME: process.env['HOME'] };
    const program = ['npm', 'run', '-s', 'demo'];
    const demo = new CliProcess([], { program, env, cwd: process.cwd() });
    const { code, out, err } = await demo.ended;
    // The output shows which step of a failed demo failed.
    expect([code, err, code === 0 ? '' : out]).toEqual([0, '', '']);
    expect(out).toMatch(
      /^Building the package and the samples; this takes some seconds …\nBuilt in \d+ s\.\n/,
    );
    expect(out).not.toMatch(/chunk|rolldown|FAILED/);
    expect(stripVTControlCharacters(out)).toBe(out);
    const steps = out.match(/^\d+\. /gm)!.length;
    expect(out.match(/^ {3}ok$/gm)).toHaveLength(steps);
    expect(out).toContain(`\n${steps} passed, 0 failed\n`);
    expect(out).toMatch(/\nWhat to try next:\n(.+\n)+$/);
  }, 240_000);
});

describe('A sample whose PORT', () => {
  const typescript = pathToFileURL('test/support/fleet-typescript.mjs').href;
  const start = (sample: string, PORT: string) =>
    new CliProcess([`sample/${sample}/src/main.ts`], {
      program: [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        '--import',
        typescript,
      ],
      env: { PORT, PORTONE_EMULATOR: '1' },
      cwd: process.cwd(),
    }).ended;

  it.each(['01-quick-start', '02-fleet', '03-live'])(
    'is taken prints one sentence and exits with 1: %s',
    async (sample) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const ended = await start(sample, String(port));
      server.close();
      expect(ended).toEqual({
        code: 1,
        out: '',
        err: `Port ${port} of this machine is taken. Choose another one, such as PORT=${port + 1}.\n`,
      });
    },
  );

  it.each(['abc', '65536', '-1', ''])(
    'is %j prints the allowed numbers and exits with 1',
    async (PORT) => {
      expect(await start('01-quick-start', PORT)).toEqual({
        code: 1,
        out: '',
        err: 'PORT must be a whole number from 0 to 65535.\n',
      });
    },
  );
});
