import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A TypeScript block of a manual, named after the line it begins on. */
export interface Snippet {
  readonly name: string;
  readonly code: string;
}

/** A manual's text, apart into what a test looks at. */
export class Readme {
  private constructor(
    private readonly file: string,
    readonly text: string,
  ) {}

  static async read(file: string): Promise<Readme> {
    return new Readme(file, await readFile(join(ROOT, file), 'utf8'));
  }

  /** What stands in ```ts fences, in order. */
  get snippets(): Snippet[] {
    return [...this.text.matchAll(/^```ts\n(.*?)^```/gms)].map((found) => ({
      name: `${this.file}:${this.text.slice(0, found.index).split('\n').length}`,
      code: found[1]!,
    }));
  }

  /** The first cell of every row of every table, without backquotes. */
  get firstCells(): string[] {
    return [...this.text.matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell!);
  }

  mentions(name: string): boolean {
    return new RegExp(`\\b${name}\\b`).test(this.text);
  }

  /** The error codes in its tables; elsewhere such a name may be a variable of the environment. */
  get codes(): Set<string> {
    const rows = this.text.match(/^\|.*$/gm)?.join('\n') ?? '';
    return new Set(rows.match(/(?<=`)PORTONE_[A-Z_]+(?=`)/g));
  }

  get headings(): number[] {
    return [
      ...this.text.replace(/^```.*?^```/gms, '').matchAll(/^(#+) /gm),
    ].map(([, marks]) => marks!.length);
  }

  /** The files it links to. */
  get linkedFiles(): string[] {
    return [...this.text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, path]) => path!,
    );
  }

  /** The anchors it links to within itself, and those its headings have. */
  get anchors(): { readonly used: string[]; readonly there: string[] } {
    return {
      used: [...this.text.matchAll(/\]\(#([^)]+)\)/g)].map(([, name]) => name!),
      there: [...this.text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
      ),
    };
  }
}
