import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type ts from 'typescript';

/** The API of the project's TypeScript. */
export type TypeScript = typeof ts;

/** Tools of the project itself, used to edit its modules. */
export interface ProjectTools {
  readonly ts: TypeScript;
  /** Adds an entry to the `imports` of the first `@Module` in a text; undefined where there is none. */
  insertImport(content: string, entry: string): string | undefined;
}

interface NestSchematics {
  readonly MetadataManager: new (content: string) => {
    insert(metadata: string, symbol: string): string | undefined;
  };
}

/**
 * Loads @nestjs/schematics and its TypeScript from the project: they fit its version of Nest, and this package needs no parser of
 * its own. Undefined when the project has no @nestjs/schematics.
 */
export async function projectTools(
  folder: string,
): Promise<ProjectTools | undefined> {
  try {
    const project = createRequire(join(folder, 'package.json'));
    const path = project.resolve('@nestjs/schematics');
    const { MetadataManager } = await importFrom<NestSchematics>(path);
    return {
      ts: createRequire(path)('typescript') as TypeScript,
      insertImport: (content, entry) =>
        new MetadataManager(content).insert('imports', entry),
    };
  } catch {
    return undefined;
  }
}

const importFrom = <T>(path: string): Promise<T> =>
  import(pathToFileURL(path).href) as Promise<T>;
