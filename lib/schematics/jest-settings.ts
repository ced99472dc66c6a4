import {
  readJson,
  writeJson,
  type JestSettings,
  type Manifest,
  type SchematicContext,
  type Tree,
} from './tree.js';

/** Jest that transforms to CommonJS must transform the two packages that are ES modules only. */
const PATTERN = 'node_modules/(?!(nestjs-portone-auth|jose)/)';

/** Lets the Jest of a CommonJS project load this package: in package.json, and in the settings of its e2e tests. */
export function letJestLoadUs(
  tree: Tree,
  manifest: Manifest,
  context: SchematicContext,
): void {
  if (manifest.jest) transformUs(manifest.jest, 'package.json', context);
  const e2e = 'test/jest-e2e.json';
  const settings = readJson<JestSettings>(tree, e2e);
  if (!settings) return;
  transformUs(settings, e2e, context);
  writeJson(tree, e2e, settings);
}

function transformUs(
  settings: JestSettings,
  file: string,
  { logger }: SchematicContext,
): void {
  const { transformIgnorePatterns: given } = settings;
  if (!given) settings.transformIgnorePatterns = [PATTERN];
  else if (!given.some((pattern) => pattern.includes('nestjs-portone-auth')))
    logger.warn(
      `${file} has transformIgnorePatterns of its own: let them transform nestjs-portone-auth and jose, as "${PATTERN}" does.`,
    );
}
