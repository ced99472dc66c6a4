import { posix } from 'node:path';
import type { TypeScript } from './project-tools.js';
import { SourceText } from './source-text.js';
import { readText, type Tree } from './tree.js';

/** The file of the module that `main` passes to `NestFactory.create`, or `app.module` when that file is not found. */
export function rootModulePath(
  tree: Tree,
  sourceRoot: string,
  ts: TypeScript,
): string | undefined {
  const candidates = [
    ...['main.ts', 'main.js'].map((main) =>
      startedBy(tree, sourceRoot, main, ts),
    ),
    ...['app.module.ts', 'app.module.js'].map((file) =>
      posix.join(sourceRoot, file),
    ),
  ];
  return candidates.find((path) => path !== undefined && tree.exists(path));
}

/** Follows `NestFactory.create(AppModule)` to the import of its argument. */
function startedBy(
  tree: Tree,
  sourceRoot: string,
  main: string,
  ts: TypeScript,
): string | undefined {
  const text = readText(tree, posix.join(sourceRoot, main));
  if (text === undefined) return undefined;
  const source = new SourceText(ts, text);
  const starts = ['create', 'createApplicationContext', 'createMicroservice'];
  const [call] = source.calls('NestFactory', starts);
  const name = call?.arguments[0]?.getText();
  const from = name === undefined ? undefined : source.originOf(name);
  if (!from?.startsWith('.')) return undefined;
  const path = posix.join(sourceRoot, from.replace(/\.js$/, ''));
  return ['.ts', '.js']
    .map((ending) => path + ending)
    .find((file) => tree.exists(file));
}

/** The source files of the application, without tests, that name this package or @nestjs/config. */
export function sourceFiles(
  tree: Tree,
  sourceRoot: string,
  ts: TypeScript,
): SourceText[] {
  const found: SourceText[] = [];
  tree.getDir(sourceRoot).visit((path) => {
    const isSource = /\.[jt]s$/.test(path) && !/\.(d|spec|test)\./.test(path);
    if (!isSource || path.includes('/node_modules/')) return;
    const text = readText(tree, path);
    // Parsing is slow, so other files are not parsed.
    if (text && /nestjs-portone-auth|@nestjs\/config/.test(text))
      found.push(new SourceText(ts, text));
  });
  return found;
}
