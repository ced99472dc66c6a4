import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, type Snippet } from './readme.js';

const SNIPPETS = join(ROOT, 'snippets');

/**
 * Compiles snippets with the settings of the repository, each as its own module. `beside` has the text of further modules in the
 * same folder, by file name.
 */
export function compile(
  snippets: readonly Snippet[],
  beside: Readonly<Record<string, string>> = {},
): ts.Program {
  const files = new Map(
    snippets.map(({ name, code }) => [fileNameOf(name), code]),
  );
  for (const [name, code] of Object.entries(beside))
    files.set(join(SNIPPETS, name), code);
  const { config } = ts.readConfigFile(
    join(ROOT, 'tsconfig.json'),
    ts.sys.readFile,
  ) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const settings = { ...options, noEmit: true, noUnusedLocals: false };
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const code = files.get(name);
    return code === undefined
      ? getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, code, version, true);
  };
  host.directoryExists = (name) =>
    name === SNIPPETS || ts.sys.directoryExists(name);
  return ts.createProgram([...files.keys()], settings, host);
}

/** The messages of the compiler about one snippet. */
export function problemsOf(program: ts.Program, name: string): string[] {
  const file = program.getSourceFile(fileNameOf(name));
  if (!file) return ['not compiled'];
  return [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const fileNameOf = (name: string): string =>
  join(SNIPPETS, `${name.replace(/\W/g, '-')}.ts`);
