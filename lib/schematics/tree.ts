/** As much of the devkit's tree as the schematic uses: files as they will be, written only at the end, and not at all in a dry run. */
export interface Tree {
  exists(path: string): boolean;
  read(path: string): Buffer | null;
  create(path: string, content: string): void;
  overwrite(path: string, content: string): void;
}

export interface SchematicContext {
  readonly logger: { info(message: string): void; warn(message: string): void };
  addTask(task: { toConfiguration(): object }): unknown;
}

export const readText = (tree: Tree, path: string): string | undefined =>
  tree.read(path)?.toString('utf8');

/** Writes a file that has changed, or is new. */
export function writeText(tree: Tree, path: string, text: string): void {
  if (!tree.exists(path)) tree.create(path, text);
  else if (readText(tree, path) !== text) tree.overwrite(path, text);
}

export interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  jest?: JestSettings;
}

export interface JestSettings {
  transform?: object;
  transformIgnorePatterns?: string[];
}

export const readJson = <T extends object>(
  tree: Tree,
  path: string,
): T | undefined => {
  const text = readText(tree, path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
};

export const writeJson = (tree: Tree, path: string, value: object): void =>
  writeText(tree, path, `${JSON.stringify(value, null, 2)}\n`);
