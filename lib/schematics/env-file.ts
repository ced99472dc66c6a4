import { readText, writeText, type Tree } from './tree.js';

/** Adds an empty PORTONE_API_SECRET to `.env`. While it is empty, the boot stops with an error that names it. Keeps the file out of git. */
export function addSecret(tree: Tree): void {
  const env = readText(tree, '.env') ?? '';
  if (!/^\s*(export\s+)?PORTONE_API_SECRET\s*=/m.test(env))
    writeText(tree, '.env', `${endedLine(env)}PORTONE_API_SECRET=\n`);
  const ignored = readText(tree, '.gitignore') ?? '';
  if (!/^\/?(\*\*\/)?(\.env(\*|\.\*)?|\*\.env)\s*$/m.test(ignored))
    writeText(tree, '.gitignore', `${endedLine(ignored)}.env\n`);
}

const endedLine = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`;
