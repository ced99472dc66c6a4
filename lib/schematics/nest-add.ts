import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { letJestLoadUs } from './jest-settings.js';
import { withAuthModule, type InsertImport } from './root-module.js';
import {
  readJson,
  readText,
  writeJson,
  writeText,
  type Manifest,
  type SchematicContext,
  type Tree,
} from './tree.js';

interface NestAddOptions {
  readonly project?: string;
  readonly sourceRoot?: string;
}

interface NestCli {
  readonly sourceRoot?: string;
  readonly projects?: Readonly<Record<string, { sourceRoot?: string }>>;
}

/** What the package and the code that is written need, for Nest 11 and for Nest 12. npm installs peers, but declares none. */
const PACKAGES = {
  11: { '@nestjs/axios': '^4.0.0', '@nestjs/config': '^4.0.0' },
  12: { '@nestjs/axios': '^12.0.0', '@nestjs/config': '^12.0.0' },
} as const;
const PACKAGES_OF_BOTH = {
  axios: '^1.18.0',
  'class-transformer': '^0.5.1',
  'class-validator': '^0.15.1',
};

/** `nest add nestjs-portone-auth`: AppModule, `.env`, Jest's settings and the peers. A second run changes nothing. */
export const nestAdd =
  (options: NestAddOptions = {}) =>
  async (tree: Tree, context: SchematicContext): Promise<void> => {
    await addModule(tree, options, context);
    addSecret(tree);
    const manifest = readJson<Manifest>(tree, 'package.json');
    if (!manifest) return;
    letJestLoadUs(tree, manifest, context);
    const isNew = declarePackages(manifest);
    writeJson(tree, 'package.json', manifest);
    if (isNew) context.addTask(install);
    context.logger.info(
      'Put your V2 API secret into .env (PORTONE_API_SECRET), or try it without an account: npx nestjs-portone-auth emulator',
    );
  };

async function addModule(
  tree: Tree,
  options: NestAddOptions,
  { logger }: SchematicContext,
): Promise<void> {
  const path = join(sourceRootOf(tree, options), 'app.module.ts');
  const content = readText(tree, path);
  if (content === undefined) {
    logger.warn(`There is no ${path}: import AuthModule in your root module.`);
    return;
  }
  writeText(tree, path, withAuthModule(content, await metadataManager()));
}

function sourceRootOf(
  tree: Tree,
  { project, sourceRoot }: NestAddOptions,
): string {
  const cli = readJson<NestCli>(tree, 'nest-cli.json');
  const ofProject = project && cli?.projects?.[project]?.sourceRoot;
  return ofProject || cli?.sourceRoot || sourceRoot || 'src';
}

/** An empty secret stops the boot with an error that names it; nothing is sent. */
function addSecret(tree: Tree): void {
  const env = readText(tree, '.env') ?? '';
  if (!/^\s*(export\s+)?PORTONE_API_SECRET\s*=/m.test(env))
    writeText(tree, '.env', `${endLine(env)}PORTONE_API_SECRET=\n`);
  const ignored = readText(tree, '.gitignore');
  if (ignored !== undefined && !/^\/?\.env(\*|\.\*)?\s*$/m.test(ignored))
    writeText(tree, '.gitignore', `${endLine(ignored)}.env\n`);
}

const endLine = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`;

/** Whether any was missing. */
function declarePackages(manifest: Manifest): boolean {
  const { dependencies = {}, devDependencies = {} } = manifest;
  const nest = dependencies['@nestjs/core'] ?? '';
  const major = /(^|[^\d.])11(\.|$)/.test(nest) ? 11 : 12;
  const wanted = { ...PACKAGES[major], ...PACKAGES_OF_BOTH };
  const missing = Object.entries(wanted).filter(
    ([name]) => !(name in dependencies) && !(name in devDependencies),
  );
  manifest.dependencies = Object.fromEntries(
    [...Object.entries(dependencies), ...missing].sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
  return missing.length > 0;
}

const install = {
  toConfiguration: () => ({
    name: 'node-package',
    options: { command: 'install', quiet: true },
  }),
};

/** The project's own: it fits the project's version of Nest, and this package need not bring a parser. */
async function metadataManager(): Promise<InsertImport> {
  const project = createRequire(join(process.cwd(), 'package.json'));
  const path = project.resolve('@nestjs/schematics');
  const { MetadataManager } = (await import(pathToFileURL(path).href)) as {
    MetadataManager: new (content: string) => {
      insert(metadata: string, symbol: string): string | undefined;
    };
  };
  return (content, entry) =>
    new MetadataManager(content).insert('imports', entry) ?? content;
}
