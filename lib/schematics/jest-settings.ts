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

/** When Jest transforms to CommonJS, it must also transform these two packages, which are ES modules only. */
const PATTERN = 'node_modules/(?!(nestjs-portone-auth|jose)/)';
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
  const warn = (file: string) =>
    logger.warn(
      `Jest must transform nestjs-portone-auth and jose: add transformIgnorePatterns: ["${PATTERN}"] to ${file}.`,
    );
  const addPattern = (settings: JestSettings, file: string) => {
    const { transformIgnorePatterns: given } = settings;
    if (!given) settings.transformIgnorePatterns = [PATTERN];
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
          `$1transformIgnorePatterns: ['${PATTERN}'],\n$&`,
        );
    if (written === text) warn(file);
    else writeText(tree, file, written);
  }
}
