import { addSecret } from './env-file.js';
import { letJestLoadPackage } from './jest-settings.js';
import { declarePeers, type Manifest } from './peers.js';
import { projectTools } from './project-tools.js';
import {
  configUseOf,
  registersClient,
  withAuthModule,
} from './register-module.js';
import { rootModulePath, sourceFiles } from './root-module.js';
import {
  readText,
  updateJson,
  writeText,
  type SchematicContext,
  type Tree,
} from './tree.js';

/** What the Nest CLI passes. */
interface NestAddOptions {
  readonly sourceRoot?: string;
}

const BY_HAND =
  "register AuthModule yourself: AuthModule.forRootAsync({ isGlobal: true, inject: [ConfigService], useFactory: (config: ConfigService) => ({ apiSecret: config.getOrThrow('PORTONE_API_SECRET') }) })";

/**
 * `nest add nestjs-portone-auth`: registers AuthModule in the root module, and adds PORTONE_API_SECRET to `.env`, Jest's settings
 * and the peers. A second run changes nothing.
 */
export const nestAdd =
  ({ sourceRoot = 'src' }: NestAddOptions = {}) =>
  async (tree: Tree, context: SchematicContext): Promise<void> => {
    await register(tree, sourceRoot, context);
    addSecret(tree);
    letJestLoadPackage(tree, context);
    updateJson<Manifest>(tree, 'package.json', (manifest) => {
      if (declarePeers(manifest)) context.addTask(install);
    });
    context.logger.info(
      'Put the V2 API secret of the PortOne console into .env (PORTONE_API_SECRET). Without an account: npx nestjs-portone-auth emulator',
    );
  };

async function register(
  tree: Tree,
  sourceRoot: string,
  { logger }: SchematicContext,
): Promise<void> {
  const tools = await projectTools(process.cwd());
  if (!tools)
    return logger.warn(`This project has no @nestjs/schematics: ${BY_HAND}`);
  const { ts } = tools;
  const files = sourceFiles(tree, sourceRoot, ts);
  if (files.some(registersClient)) return;
  const path = rootModulePath(tree, sourceRoot, ts);
  if (path === undefined)
    return logger.warn(`No root module was found in ${sourceRoot}: ${BY_HAND}`);
  const uses = files.map(configUseOf);
  const config =
    uses.find((use) => use === 'global') ??
    uses.find((use) => use === 'local') ??
    'none';
  const content = readText(tree, path) ?? '';
  const text = withAuthModule(content, config, path.endsWith('.ts'), tools);
  if (text === undefined)
    return logger.warn(`The imports of ${path} cannot be extended: ${BY_HAND}`);
  writeText(tree, path, text);
}

/** The devkit's task that runs `npm install`. This package cannot import its class, because the devkit is not a dependency. */
const install = {
  toConfiguration: () => ({
    name: 'node-package',
    options: { command: 'install', quiet: true },
  }),
};
