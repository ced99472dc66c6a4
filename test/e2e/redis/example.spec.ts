import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { RedisServer } from '../../support/redis-server.js';

const ROOT = process.cwd();
const IMPORTS = `
import 'reflect-metadata';
import { createClient } from 'redis';
import { AuthModule } from 'nestjs-portone-auth';
import { RedisTokenStore } from 'nestjs-portone-auth/redis';
const apiSecret = 'secret';
`;

/** Runs the code in a process. Gives `alive` when the process still runs 20 turns after the client's first error, else its output. */
async function outcomeOf(code: string, url: string): Promise<string> {
  const client = /const (\w+) = createClient/.exec(code)![1]!;
  const program = `${code.replace(/createClient\(\{ url[^}]*\}\)/, `createClient({ url: '${url}' })`)}
    ${client}.once('error', () => {
      let turns = 20;
      const turn = () => ((turns -= 1) > 0 ? setTimeout(turn, 1) : (console.log('alive'), process.exit()));
      turn();
    });`;
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
    },
  });
  const loader = join(ROOT, 'test/support/fleet-typescript.mjs');
  const child = spawn(
    process.execPath,
    ['--import', loader, '--input-type=module', '-e', outputText],
    { cwd: ROOT, env: { ...process.env, PORTONE_API_SECRET: 'secret' } },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk));
  await once(child, 'close');
  return output.trim();
}

async function exampleIn(file: string): Promise<string> {
  const text = await readFile(join(ROOT, file), 'utf8');
  if (file.endsWith('.md')) {
    const snippets = [...text.matchAll(/^```ts\n(.*?)^```/gms)];
    return snippets.find(([, code]) =>
      /createClient[^]*new RedisTokenStore/.test(code!),
    )![1]!;
  }
  const [, example] = /@example\n(.*?)\*\//s.exec(text)!;
  return IMPORTS + example!.replaceAll(/^ \* ?/gm, '');
}

describe.each(['README.md', 'lib/redis/redis-token.store.ts'])(
  'The example in %s',
  (file) => {
    let locked: RedisServer;

    beforeAll(async () => {
      locked = await RedisServer.start('--requirepass', 'right');
    });
    afterAll(() => locked?.stop());

    it('keeps the process alive when Redis is down', async () => {
      const url = 'redis://127.0.0.1:1';
      expect(await outcomeOf(await exampleIn(file), url)).toBe('alive');
    });

    it('keeps the process alive when Redis rejects the password', async () => {
      const url = `redis://:wrong@127.0.0.1:${locked.port}`;
      expect(await outcomeOf(await exampleIn(file), url)).toBe('alive');
    });
  },
);
