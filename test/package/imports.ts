import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The packages that files with this ending import, also by `import()`. Node's own modules do not count. */
export async function packagesImportedIn(
  folder: string,
  ending: string,
): Promise<Set<string>> {
  const files = await readdir(folder, { recursive: true });
  const specifiers = await Promise.all(
    files
      .filter((file) => file.endsWith(ending))
      .map((file) => specifiersOf(join(folder, file))),
  );
  return packagesAmong(specifiers.flat());
}

/** The packages that are loaded with one file, also through other files of the folder. An `import()` does not count. */
export async function packagesLoadedBy(file: string): Promise<Set<string>> {
  const seen = new Set([file]);
  const found: string[] = [];
  for (const current of seen) {
    for (const specifier of staticImports(await readFile(current, 'utf8'))) {
      if (specifier.startsWith('.'))
        seen.add(join(dirname(current), specifier));
      else found.push(specifier);
    }
  }
  return packagesAmong(found);
}

async function specifiersOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName);
}

function staticImports(text: string): string[] {
  const { statements } = ts.createSourceFile(
    'module.js',
    text,
    ts.ScriptTarget.ES2022,
  );
  return statements.flatMap((statement) =>
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
    statement.moduleSpecifier &&
    ts.isStringLiteral(statement.moduleSpecifier)
      ? [statement.moduleSpecifier.text]
      : [],
  );
}

const packagesAmong = (specifiers: readonly string[]): Set<string> =>
  new Set(
    specifiers
      .filter((name) => !name.startsWith('.') && !isBuiltin(name))
      .map((name) => name.match(/^(@[^/]+\/)?[^/]+/)![0]),
  );
