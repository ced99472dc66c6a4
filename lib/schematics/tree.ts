/**
 * The part of the devkit's tree that the schematic uses. Changes are written to the disk at the end, and not at all in a dry run.
 * Typed here, because this package does not depend on the devkit: the Nest CLI has it.
 */
export interface Tree {
  exists(path: string): boolean;
  read(path: string): Uint8Array | null;
  create(path: string, content: string): void;
  overwrite(path: string, content: string): void;
  getDir(path: string): Folder;
}

interface Folder {
  visit(visitor: (path: string) => void): void;
}

/** The part of the devkit's context that the schematic uses. */
export interface SchematicContext {
  readonly logger: { info(message: string): void; warn(message: string): void };
  addTask(task: { toConfiguration(): object }): unknown;
}

export function readText(tree: Tree, path: string): string | undefined {
  const content = tree.read(path);
  return content ? Buffer.from(content).toString('utf8') : undefined;
}

/** Writes a file that is new or has changed. */
export function writeText(tree: Tree, path: string, text: string): void {
  if (!tree.exists(path)) tree.create(path, text);
  else if (readText(tree, path) !== text) tree.overwrite(path, text);
}

/** Changes the value of a JSON file and keeps its indentation. Ignores a file that is missing or is not JSON. */
export function updateJson<T extends object>(
  tree: Tree,
  path: string,
  change: (value: T) => void,
): void {
  const text = readText(tree, path);
  const value = text === undefined ? undefined : parse(text);
  if (text === undefined || value === undefined) return;
  const before = JSON.stringify(value);
  change(value as T);
  if (JSON.stringify(value) === before) return;
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const [end = ''] = /\s*$/.exec(text) ?? [];
  writeText(tree, path, JSON.stringify(value, undefined, indent) + end);
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
