import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { CliProcess, type Ended } from '../../support/cli.js';

const APP = fileURLToPath(new URL('alive-app.ts', import.meta.url));
const PROGRAM = [
  process.execPath,
  '--no-warnings',
  '--import',
  pathToFileURL('test/support/fleet-typescript.mjs').href,
  APP,
];
const NOT_CONNECTED = 'Write: client.connect().catch(() => undefined)';
const NO_LISTENER = "Write: client.on('error', () => undefined)";

const SITUATIONS: [what: string, booted: string, logged: string[]][] = [
  ['a secret that comes late', 'fresh', []],
  ['options that come late', 'fresh', []],
  ['a store that answers late', 'fresh', []],
  ['a store that never answers', 'empty', ['Started without an access token']],
  [
    'a PortOne that never answers',
    'empty',
    ['Started without an access token'],
  ],
  [
    'a client of node-redis that was never connected',
    'fresh',
    [NOT_CONNECTED, NO_LISTENER],
  ],
  [
    'a client of ioredis that was closed',
    'fresh',
    [NOT_CONNECTED, NO_LISTENER],
  ],
];
const UNCHECKED = 'a boot check without a token';
const STYLES = ['main()', 'await main()'];

describe('A process that only its waiting boot keeps alive,', () => {
  let portone: PortOneEmulator;
  /** Accepts connections and answers nothing. */
  let silent: Server;
  const sockets: Socket[] = [];
  const runs = new Map<string, Promise<Ended>>();

  beforeAll(async () => {
    portone = await PortOneEmulator.start();
    silent = createServer((socket) => sockets.push(socket));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const env = {
      API_SECRET: portone.apiSecret,
      BASE_URL: portone.url,
      SILENT_URL: `http://127.0.0.1:${port}`,
    };
    // One after another for each style: a boot waits 3 s of real time, and many processes would slow each other down.
    for (const style of STYLES) {
      let last: Promise<unknown> = Promise.resolve();
      for (const what of [...SITUATIONS.map(([what]) => what), UNCHECKED]) {
        const run = last.then(
          () => new CliProcess([what, style], { env, program: PROGRAM }).ended,
        );
        runs.set(what + style, run);
        last = run;
      }
    }
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    silent?.close();
    await portone?.stop();
  });

  describe.each(STYLES)('started by %s,', (style) => {
    it.each(SITUATIONS)(
      'boots in spite of %s, and ends by itself with 0 when it is idle',
      async (what, booted, logged) => {
        const { code, out, err } = await runs.get(what + style)!;
        expect(out).toContain(`booted with ${booted}`);
        expect(code).toBe(0);
        for (const text of logged) expect(out).toContain(text);
        if (logged.length === 0) expect(out).not.toContain('WARN');
        expect(err).toBe('');
      },
    );

    it("says why it stops when the token that bootCheck 'error' waits for does not come", async () => {
      const { code, out, err } = await runs.get(UNCHECKED + style)!;
      expect(out + err).toContain('permissions.bootCheck: is');
      expect(code).toBe(1);
    });
  });
});
