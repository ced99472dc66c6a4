import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { packagesImportedIn, packagesLoadedBy } from './imports.js';
import { PUBLIC_NAMES } from './public-names.js';
import { Page } from './readme.js';
import { Tarball } from './tarball.js';

const TYPES = fileURLToPath(
  new URL('../../node_modules/@types', import.meta.url),
);

describe('The packed package', () => {
  let tarball: Tarball;
  let dist: string;

  beforeAll(async () => {
    tarball = await Tarball.install();
    dist = join(tarball.folder, 'dist');
    // A project that imports a subpath has installed the peer of that subpath.
    for (const name of tarball.optionalPeers) await tarball.link(name);
  }, 120_000);
  afterAll(() => tarball?.remove());

  it('has an entry for each agreed list of names', () => {
    expect(tarball.entries.sort()).toEqual(Object.keys(PUBLIC_NAMES).sort());
  });

  describe.each(Object.entries(PUBLIC_NAMES))('%s', (entry, names) => {
    it('exports exactly the agreed names by import', async () => {
      const script = `console.log(JSON.stringify(Object.keys(await import('${entry}'))))`;
      expect(await tarball.evaluate('module', script)).toEqual(
        [...names].sort(),
      );
    });

    it('exports the same by require', async () => {
      const script = `console.log(JSON.stringify(Object.keys(require('${entry}'))))`;
      const found = (await tarball.evaluate('commonjs', script)) as string[];
      expect(found.filter((name) => name !== '__esModule').sort()).toEqual(
        [...names].sort(),
      );
    });
  });

  it('is one module for import and for require', async () => {
    const script = `
      const { AuthModule } = require('nestjs-portone-auth');
      import('nestjs-portone-auth').then((m) => console.log(m.AuthModule === AuthModule));
    `;
    expect(await tarball.evaluate('commonjs', script)).toBe(true);
  });

  it('holds the compiled code, its typings and the manual, and no sources or tests', async () => {
    const files = await readdir(tarball.folder, { recursive: true });
    const strange = files.filter((file) => !/^(dist|docs)(\/|$)/.test(file));
    expect(strange.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.ko.md',
      'README.md',
      'SECURITY.md',
      'llms.txt',
      'package.json',
    ]);
    expect(
      files.filter((file) => /\.(spec|map|tsbuildinfo)/.test(file)),
    ).toEqual([]);
  });

  it('holds every file that its manual links to', async () => {
    const files = await readdir(tarball.folder, { recursive: true });
    const pages = await Promise.all(
      files
        .filter((file) => file.endsWith('.md') && !file.startsWith('dist'))
        .map((file) => Page.read(file)),
    );
    const linked = pages.flatMap(({ links }) => links.map(({ file }) => file));
    expect(linked.filter((file) => !files.includes(file))).toEqual([]);
    expect(linked).toContain('docs/guards.md');
  });

  it('has one file for each entry and few shared files, so that an import opens few files', async () => {
    const files = await readdir(dist, { recursive: true });
    const code = files.filter((file) => file.endsWith('.js'));
    expect(code.filter((file) => !file.startsWith('chunks')).sort()).toEqual([
      'cli/bin.js',
      'index.js',
      'opentelemetry/index.js',
      'redis/index.js',
      'schematics/nest-add.js',
      'swagger/index.js',
      'terminus/index.js',
      'testing/index.js',
      'webhook/index.js',
    ]);
    expect(code.length).toBeLessThan(40);
  });

  it('keeps the names of classes, which Nest and stack traces print', async () => {
    const script = `
      const all = await Promise.all(${JSON.stringify(tarball.entries)}.map((entry) => import(entry)));
      const classes = all.flatMap(Object.entries).filter(([, each]) => /^class/.test(String(each)));
      console.log(JSON.stringify(classes.map(([name, each]) => [name, each.name])));
    `;
    const named = (await tarball.evaluate('module', script)) as string[][];
    // Another name for AuthModule, for apps that have one of their own.
    const ours = named.filter(([name]) => name !== 'PortOneAuthModule');
    expect(ours.length).toBeGreaterThan(10);
    for (const [exported, name] of ours) expect(name).toBe(exported);
  });

  it.each(['.js', '.d.ts'])(
    'declares every package its %s files import',
    async (ending) => {
      const { dependencies, peerDependencies } = tarball.manifest;
      const declared = Object.keys({ ...dependencies, ...peerDependencies });
      const imported = await packagesImportedIn(dist, ending);
      expect([...imported].filter((name) => !declared.includes(name))).toEqual(
        [],
      );
      expect(imported).toContain('@nestjs/common');
    },
  );

  it('loads with its main entry only packages that every user has installed', async () => {
    const loaded = await packagesLoadedBy(join(dist, 'index.js'));
    const installed = tarball.installedWithIt;
    expect([...loaded].filter((name) => !installed.includes(name))).toEqual([]);
    expect(loaded).toContain('@nestjs/common');
    // Heavy packages are loaded when a client is registered.
    for (const heavy of ['jose', 'class-validator', 'class-transformer'])
      expect(loaded).not.toContain(heavy);
  });

  it('has typings that compile in a strict project, also without skipLibCheck', async () => {
    const consumer = join(tarball.project, 'consumer.ts');
    const lines = tarball.entries.map(
      (entry, n) =>
        `import * as entry${n} from '${entry}';\nexport { entry${n} };`,
    );
    await writeFile(consumer, lines.join('\n'));
    const program = ts.createProgram([consumer], {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      experimentalDecorators: true,
      noEmit: true,
      skipLibCheck: false,
      typeRoots: [TYPES],
      types: ['node'],
    });
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(tarball.project));
    const problems = ours
      .flatMap((file) => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ])
      .map(({ messageText }) =>
        ts.flattenDiagnosticMessageText(messageText, ' '),
      );
    expect(problems).toEqual([]);
    expect(ours.length).toBeGreaterThan(tarball.entries.length);
  }, 120_000);
});
