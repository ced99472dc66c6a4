import type ts from 'typescript';
import type { TypeScript } from './project-tools.js';

/** A name that a file imports from a package, and what the file calls it. */
interface ImportedName {
  readonly imported: string;
  readonly local: string;
  readonly from: string;
}

/** The text of one source file with its syntax tree. An edit returns a new object. */
export class SourceText {
  readonly file: ts.SourceFile;

  constructor(
    readonly ts: TypeScript,
    readonly text: string,
  ) {
    const { Latest } = ts.ScriptTarget;
    this.file = ts.createSourceFile('file.ts', text, Latest, true);
  }

  /** The name of a package's export in this file; undefined when it is not imported, or only as a type. */
  localName(name: string, from: string): string | undefined {
    return this.#imported.find(
      (each) => each.imported === name && each.from === from,
    )?.local;
  }

  /** Where a name of this file is imported from. */
  originOf(local: string): string | undefined {
    return this.#imported.find((each) => each.local === local)?.from;
  }

  /** Adds an import. Returns the new text and the local name, which is another one when the file already uses `name`. */
  withImport(
    name: string,
    from: string,
  ): { readonly source: SourceText; readonly local: string } {
    const known = this.localName(name, from);
    if (known !== undefined) return { source: this, local: known };
    const local = this.#isTaken(name) ? `PortOne${name}` : name;
    const clause = local === name ? name : `${name} as ${local}`;
    const last = this.#namedImports(from)?.elements.at(-1);
    const source = last
      ? this.insert(last.getEnd(), `, ${clause}`)
      : this.#withNewImport(clause, from);
    return { source, local };
  }

  /** Calls of a static method, such as `ConfigModule.forRoot(…)`. */
  calls(object: string, methods: readonly string[]): ts.CallExpression[] {
    const { ts } = this;
    return this.#nodes().filter(
      (node): node is ts.CallExpression =>
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        methods.includes(node.expression.name.text) &&
        node.expression.expression.getText() === object,
    );
  }

  /** The object of the first `@Module({ … })`. */
  get moduleMetadata(): ts.ObjectLiteralExpression | undefined {
    const { ts } = this;
    for (const node of this.#nodes())
      if (
        ts.isDecorator(node) &&
        ts.isCallExpression(node.expression) &&
        node.expression.expression.getText() === 'Module'
      ) {
        const [metadata] = node.expression.arguments;
        if (metadata && ts.isObjectLiteralExpression(metadata)) return metadata;
      }
    return undefined;
  }

  insert(at: number, text: string): SourceText {
    return this.replace(at, at, text);
  }

  replace(from: number, to: number, text: string): SourceText {
    const { text: old } = this;
    return new SourceText(this.ts, old.slice(0, from) + text + old.slice(to));
  }

  get #imports(): ts.ImportDeclaration[] {
    return this.file.statements.filter(this.ts.isImportDeclaration);
  }

  get #imported(): ImportedName[] {
    return this.#imports.flatMap((declaration) => {
      const from = specifierOf(declaration);
      const clause = declaration.importClause;
      const bindings = clause?.namedBindings;
      if (!bindings || !this.ts.isNamedImports(bindings)) return [];
      // A name imported with `import type` is not a value, so it cannot be registered.
      if (clause.isTypeOnly) return [];
      return bindings.elements
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .map(({ name, propertyName }) => ({
          imported: (propertyName ?? name).text,
          local: name.text,
          from,
        }));
    });
  }

  /** The `{ … }` of an import from a package, if it imports values. */
  #namedImports(from: string): ts.NamedImports | undefined {
    return this.#imports
      .filter((each) => specifierOf(each) === from)
      .map(({ importClause }) => importClause)
      .filter((clause) => clause && !clause.isTypeOnly)
      .map((clause) => clause!.namedBindings)
      .find(
        (bindings) =>
          bindings !== undefined && this.ts.isNamedImports(bindings),
      ) as ts.NamedImports | undefined;
  }

  #isTaken(name: string): boolean {
    const { ts } = this;
    return this.#nodes().some(
      (node) =>
        ts.isIdentifier(node) &&
        node.text === name &&
        !ts.isPropertyAccessExpression(node.parent),
    );
  }

  #withNewImport(clause: string, from: string): SourceText {
    const last = this.#imports.at(-1);
    const quote = last?.moduleSpecifier.getText()[0] ?? "'";
    const end = last && !last.getText().endsWith(';') ? '' : ';';
    const line = `import { ${clause} } from ${quote}${from}${quote}${end}`;
    return last
      ? this.insert(last.getEnd(), `\n${line}`)
      : this.insert(0, `${line}\n`);
  }

  #nodes(): ts.Node[] {
    const found: ts.Node[] = [];
    const visit = (node: ts.Node): void => {
      found.push(node);
      this.ts.forEachChild(node, visit);
    };
    this.ts.forEachChild(this.file, visit);
    return found;
  }
}

const specifierOf = ({ moduleSpecifier }: ts.ImportDeclaration): string =>
  moduleSpecifier.getText().slice(1, -1);
