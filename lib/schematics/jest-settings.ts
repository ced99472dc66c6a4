import type { Manifest } from './peers.js';
import {
  readText,
  updateJson,
  writeText,
  type SchematicContext,
  type Tree,
} from './tree.js';

interface JestSettings {
  transformIgnorePatterns?: string[];
}

/**
 * When Jest transforms to CommonJS, it must also transform these two packages, which are ES modules only. pnpm keeps packages in
 * `node_modules/.pnpm/…/node_modules`, and the first of the two folders must not match.
 */
const patternFor = (tree: Tree): string =>
  `node_modules/(?!(${tree.exists('pnpm-lock.yaml') ? '.pnpm|' : ''}nestjs-portone-auth|jose)/)`;

const CONFIGS = [
  'jest.config.ts',
  'jest.config.js',
  'jest.config.cjs',
  'jest.config.mjs',
];

/** Lets Jest load this package, wherever its settings are. Does nothing in a project without Jest. */
export function letJestLoadPackage(
  tree: Tree,
  { logger }: SchematicContext,
): void {
  const pattern = patternFor(tree);
  const warn = (file: string) =>
    logger.warn(
      `Jest must transform nestjs-portone-auth and jose: add transformIgnorePatterns: ["${pattern}"] to ${file}.`,
    );
  const addPattern = (settings: JestSettings, file: string) => {
    const { transformIgnorePatterns: given } = settings;
    if (!given) settings.transformIgnorePatterns = [pattern];
    else if (!String(given).includes('nestjs-portone-auth')) warn(file);
  };
  updateJson<Manifest>(tree, 'package.json', ({ jest }) => {
    if (jest) addPattern(jest, 'package.json');
  });
  for (const file of ['jest.config.json', 'test/jest-e2e.json'])
    updateJson<JestSettings>(tree, file, (settings) =>
      addPattern(settings, file),
    );
  for (const file of CONFIGS) {
    const text = readText(tree, file);
    if (text === undefined || text.includes('nestjs-portone-auth')) continue;
    // The line goes before `transform`, which the file that Jest generates contains. Any other file is not changed.
    const written = text.includes('transformIgnorePatterns')
      ? text
      : text.replace(
          /^([ \t]*)transform:/m,
          `$1transformIgnorePatterns: ['${pattern}'],\n$&`,
        );
    if (written === text) warn(file);
    else writeText(tree, file, written);
  }
}
