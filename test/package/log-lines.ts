import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './readme.js';

/** The names of functions whose arguments are log lines. */
const LOGS = /^(say|sayWith|warn|warnOnce|error|log|debug)$/;
/** Errors whose `message` is logged. */
const LOGGED_ERRORS = /(credentials-rejected|token-unavailable)\.error\.ts$/;

/** Stands for a value in a line. */
export const HOLE = '…';

/** Every line that the package may log, with a hole for each value. Read from the source, so that no line is missed. */
export async function logLines(): Promise<string[]> {
  const files = await parsed();
  const texts = new Texts(files);
  const lines = files.flatMap((file) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      for (const text of loggedBy(node, file)) found.push(...texts.of(text));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
  return [...new Set(lines.filter((line) => /\w/.test(line)))];
}

async function parsed(): Promise<ts.SourceFile[]> {
  const lib = join(ROOT, 'lib');
  const names = (await readdir(lib, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !/^(testing|cli|schematics)\//.test(name),
  );
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(lib, name), 'utf8');
      return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    }),
  );
}

/** The expressions that this node logs. */
function loggedBy(node: ts.Node, file: ts.SourceFile): readonly ts.Node[] {
  if (ts.isCallExpression(node)) {
    const { expression, arguments: given } = node;
    if (expression.kind === ts.SyntaxKind.SuperKeyword)
      return LOGGED_ERRORS.test(file.fileName) ? given : [];
    const name = ts.isPropertyAccessExpression(expression)
      ? expression.name.text
      : ts.isIdentifier(expression)
        ? expression.text
        : '';
    // A level such as 'warn' is not a line.
    if (LOGS.test(name)) return given.filter((each) => !isLevel(each));
    return isBootProblem(node, name) ? given : [];
  }
  return [];
}

const isLevel = (node: ts.Node): boolean =>
  ts.isStringLiteral(node) && /^(log|warn|error|debug)$/.test(node.text);

/** A store returns its lines as a list. */
function isBootProblem(node: ts.Node, name: string): boolean {
  const method = ts.findAncestor(node, ts.isMethodDeclaration);
  return name === 'push' && method?.name.getText() === 'bootProblems';
}

/** Finds the texts that an expression may evaluate to. */
class Texts {
  private readonly values = new Map<string, ts.Expression>();
  private readonly functions = new Map<string, ts.Expression[]>();

  constructor(files: readonly ts.SourceFile[]) {
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && node.initializer)
        this.values.set(keyOf(node.name), node.initializer);
      if (ts.isFunctionDeclaration(node) && node.name && node.body)
        this.functions.set(node.name.text, returned(node.body));
      ts.forEachChild(node, visit);
    };
    files.forEach(visit);
  }

  of(node: ts.Node): string[] {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
      return [node.text];
    if (ts.isParenthesizedExpression(node)) return this.of(node.expression);
    if (ts.isConditionalExpression(node))
      return [...this.of(node.whenTrue), ...this.of(node.whenFalse)];
    if (ts.isBinaryExpression(node))
      return joined(this.orHole(node.left), this.orHole(node.right));
    if (ts.isTemplateExpression(node))
      return node.templateSpans.reduce(
        (texts, { expression, literal }) =>
          joined(joined(texts, this.orHole(expression)), [literal.text]),
        [node.head.text],
      );
    if (ts.isIdentifier(node)) {
      const value = this.values.get(keyOf(node));
      return value ? this.of(value) : [];
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      return (this.functions.get(node.expression.text) ?? []).flatMap((each) =>
        this.of(each),
      );
    return [];
  }

  /** A value becomes a hole; a constant becomes its text. */
  private orHole(node: ts.Node): string[] {
    const isValue =
      ts.isCallExpression(node) ||
      (ts.isIdentifier(node) && !/^[A-Z_]+$/.test(node.text));
    const texts = isValue ? [] : this.of(node);
    return texts.length > 0 ? texts : [HOLE];
  }
}

/** A name is known within its file only. */
const keyOf = (name: ts.Node): string =>
  `${name.getSourceFile().fileName}:${name.getText()}`;

const joined = (left: readonly string[], right: readonly string[]): string[] =>
  left.flatMap((start) => right.map((end) => start + end));

function returned(body: ts.Node): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression)
      found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
