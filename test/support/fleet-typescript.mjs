/** For `node --import`: compiles this repository's TypeScript as Jest does, so that processes of a test need no build. */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';

const ROOT = new URL('../../', import.meta.url);
const { jest } = JSON.parse(await readFile(new URL('package.json', ROOT)));
const [, swcOptions] = Object.values(jest.transform)[0];
const packageNames = Object.entries(jest.moduleNameMapper)
  .filter(([, file]) => file.startsWith('<rootDir>/'))
  .map(([name, file]) => [RegExp(name), file.replace('<rootDir>/', '')]);

/** Node's module hooks: it calls them for every import, in a separate thread. */
export async function resolve(specifier, context, next) {
  const { parentURL } = context;
  const own = packageNames.find(([name]) => name.test(specifier));
  if (own) return next(new URL(own[1], ROOT).href, context);
  // An import in TypeScript names a .ts file as .js, and so does the fork of the entry.
  const isOurs = parentURL?.endsWith('.ts') ?? specifier.startsWith('file:');
  return next(
    isOurs && /^(\.|file:)/.test(specifier)
      ? specifier.replace(/\.js$/, '.ts')
      : specifier,
    context,
  );
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const source = await readFile(new URL(url), 'utf8');
  const { code } = await transform(source, {
    ...swcOptions,
    filename: url,
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

// This file registers itself: Node loads it a second time in the thread of the hooks.
if (isMainThread) register(import.meta.url);
