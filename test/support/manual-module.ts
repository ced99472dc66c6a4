import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { Page, ROOT } from '../package/readme.js';

const FOLDER = join(ROOT, 'node_modules', '.cache', `manual-${process.pid}`);

/**
 * Runs the snippets of a page of the manual, and gives what they export. The texts in `replaced` are exchanged first, such as
 * PortOne's address for that of an emulator. Types are not checked here; another test compiles the snippets.
 */
export async function manualModule(
  file: string,
  replaced: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const page = await Page.read(file);
  const exported: Record<string, unknown> = {};
  await mkdir(FOLDER, { recursive: true });
  try {
    for (const [at, { code }] of page.snippets.entries()) {
      let text = code;
      for (const [from, to] of Object.entries(replaced))
        text = text.replaceAll(from, to);
      const { outputText } = ts.transpileModule(text, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
        },
      });
      // A new name each time, because Node caches modules by their name.
      const name = join(FOLDER, `${at}-${performance.now()}.mjs`);
      await writeFile(name, outputText);
      Object.assign(exported, await import(pathToFileURL(name).href));
    }
  } finally {
    await rm(FOLDER, { recursive: true });
  }
  return exported;
}
