import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { Page, ROOT } from '../package/readme.js';

const FOLDER = join(ROOT, 'node_modules', '.cache', `manual-${process.pid}`);

/**
 * What a page of the manual exports in its snippets, as code that runs: an address is replaced by that of an emulator. Typed
 * imports are gone; that the snippets compile is another test.
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
      // Another name for another text: modules are kept by name.
      const name = join(FOLDER, `${at}-${performance.now()}.mjs`);
      await writeFile(name, outputText);
      Object.assign(exported, await import(pathToFileURL(name).href));
    }
  } finally {
    await rm(FOLDER, { recursive: true });
  }
  return exported;
}
