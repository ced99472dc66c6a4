import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { Tarball, type Manifest } from './tarball.js';

const NEST_11 = fileURLToPath(new URL('../nest-11', import.meta.url));
const TYPES = fileURLToPath(
  new URL('../../node_modules/@types', import.meta.url),
);

let tarball: Tarball;

beforeAll(async () => {
  tarball = await Tarball.install(NEST_11);
  await tarball.link('@nestjs/platform-express');
  await tarball.link('@nestjs/platform-fastify');
  await tarball.link('@nestjs/terminus');
  for (const file of ['app.ts', 'package.json'])
    await cp(join(NEST_11, file), join(tarball.project, file));
}, 120_000);
afterAll(() => tarball?.remove());

it('The app on Nest 11 uses the oldest versions that the package allows', async () => {
  const text = await readFile(join(NEST_11, 'package.json'), 'utf8');
  const installed = (JSON.parse(text) as Manifest).dependencies;
  const { dependencies, peerDependencies } = tarball.manifest;
  const allowed = { ...dependencies, ...peerDependencies };
  for (const name of tarball.installedWithIt) {
    const [oldest] = allowed[name]!.split(' || ');
    expect([name, `^${installed[name]}`]).toEqual([name, oldest]);
  }
});

it.each<[string, ts.CompilerOptions]>([
  ['nodenext', { module: ts.ModuleKind.NodeNext }],
  [
    'commonjs, as in early projects on Nest 11',
    {
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      ignoreDeprecations: '6.0',
    },
  ],
])(
  'An app on Nest 11 sends, replays and denies requests; module: %s',
  async (_, options) => {
    const program = ts.createProgram([join(tarball.project, 'app.ts')], {
      ...options,
      strict: true,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      skipLibCheck: true,
      typeRoots: [TYPES],
      types: ['node'],
    });
    const problems = ts.getPreEmitDiagnostics(program);
    expect(problems.map(({ messageText }) => messageText)).toEqual([]);
    program.emit();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', 'app.js'],
      { cwd: tarball.project, env: {} },
    );
    const denied = {
      statusCode: 403,
      code: 'PORTONE_SERVICE_PERMISSION_MISSING',
      message:
        'This service is not permitted to do that at the payment provider.',
    };
    const answers = [
      [200, 'PAID'],
      [403, JSON.stringify(denied)],
      [200, 'PAID'],
      [401, false, 401, 'bare'],
      [
        200,
        {
          portone: expect.objectContaining({
            status: 'up',
            consecutiveFailures: 1,
            lastErrorCode: 'PORTONE_TOKEN_STATUS',
          }),
          alone: expect.objectContaining({ status: 'up', sharingLost: true }),
        },
      ],
    ];
    expect(JSON.parse(stdout)).toEqual([answers, answers, 'RedisTokenStore']);
  },
  60_000,
);
