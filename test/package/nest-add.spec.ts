import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { LoopbackRegistry } from '../support/loopback-registry.js';
import { NewProject, type Kind } from './nest-add/new-project.js';
import { Tarball } from './tarball.js';

const KINDS: readonly Kind[] = [
  { nest: 12, type: 'cjs' },
  { nest: 12, type: 'esm' },
  { nest: 11, type: 'cjs' },
];

let tarball: Tarball;

beforeAll(async () => {
  tarball = await Tarball.install();
}, 120_000);
afterAll(() => tarball?.remove());

describe.each(KINDS)(
  '`nest add` in a fresh project of Nest $nest, $type',
  (kind) => {
    let registry: LoopbackRegistry;
    let project: NewProject;

    beforeAll(async () => {
      registry = await LoopbackRegistry.start();
      project = await NewProject.generate(kind, registry);
      registry.addArchive(tarball.manifest, tarball.archive);
      await project.install();
    }, 240_000);
    afterAll(async () => {
      await project?.remove();
      await registry?.stop();
    });

    it('changes no file with --dry-run, except that the Nest CLI installs the package', async () => {
      const { 'package.json': _, ...before } = await project.files();
      const output = await project.nest(
        'add',
        'nestjs-portone-auth',
        '--dry-run',
      );
      const { 'package.json': manifest, ...after } = await project.files();
      expect(output).toMatch(/UPDATE src\/app\.module\.ts/);
      expect(after).toEqual(before);
      // The Nest CLI installs the package before it runs the schematic.
      expect(manifest).toContain('nestjs-portone-auth');
      expect(manifest).not.toContain('@nestjs/config');
    }, 240_000);

    it('installs the package and registers its module; the app boots and calls the emulator', async () => {
      await project.nest('add', 'nestjs-portone-auth');
      const files = await project.files();
      expect(files['.env']).toBe('PORTONE_API_SECRET=\n');
      expect(files['.gitignore']).toMatch(/^\.env$/m);
      expect(files['src/app.module.ts']).toContain('AuthModule.forRootAsync({');
      expect(JSON.parse(files['package.json']!)).toMatchObject({
        dependencies: {
          'nestjs-portone-auth': expect.any(String),
          '@nestjs/config': kind.nest === 12 ? '^12.0.0' : '^4.0.0',
        },
      });

      const portone = await PortOneEmulator.start();
      await project.showPayment();
      await project.build();
      const answer = await project.answerOf({
        PORTONE_API_SECRET: portone.apiSecret,
        PORTONE_API_BASE_URL: portone.url,
      });
      await portone.stop();
      expect(answer).toMatchObject({ id: 'payment-1', status: 'PAID' });
      expect(portone.calls).toMatchObject({
        login: 1,
        api: 1,
        unauthorized: 0,
      });
    }, 240_000);

    it('changes nothing when it runs a second time', async () => {
      const before = await project.files();
      await project.nest('add', 'nestjs-portone-auth', '--skip-install');
      expect(await project.files()).toEqual(before);
    }, 240_000);
  },
);
