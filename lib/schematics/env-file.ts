import { readText, writeText, type Tree } from './tree.js';

/** Adds an empty PORTONE_API_SECRET to `.env` and keeps `.env` out of git. While it is empty, the boot stops and names it. */
export function addSecret(tree: Tree): void {
  const env = readText(tree, '.env') ?? '';
  if (!/^\s*(export\s+)?PORTONE_API_SECRET\s*=/m.test(env))
    writeText(tree, '.env', `${withLineEnd(env)}PORTONE_API_SECRET=\n`);
  const ignored = readText(tree, '.gitignore') ?? '';
  if (!/^\/?(\*\*\/)?(\.env(\*|\.\*)?|\*\.env)\s*$/m.test(ignored))
    writeText(tree, '.gitignore', `${withLineEnd(ignored)}.env\n`);
}

const withLineEnd = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`;
