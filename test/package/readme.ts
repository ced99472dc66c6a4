import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A block of TypeScript in the manual, named after its file and line. */
export interface Snippet {
  readonly name: string;
  readonly code: string;
}

/** The manual in one language: its README, and the pages of a folder. */
export async function readManual(
  readme: string,
  folder: string,
): Promise<readonly Page[]> {
  const files = (await readdir(join(ROOT, folder))).filter((file) =>
    file.endsWith('.md'),
  );
  const pages = files.sort().map((file) => join(folder, file));
  return Promise.all([readme, ...pages].map((file) => Page.read(file)));
}

/** One page, with the parts that tests read. */
export class Page {
  private constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  static async read(file: string): Promise<Page> {
    return new Page(file, await readFile(join(ROOT, file), 'utf8'));
  }

  /** The code in ```ts fences, and both sides of the code in ```diff fences, in order. */
  get snippets(): Snippet[] {
    const fences = this.text.matchAll(/^```(ts|diff)\n(.*?)^```/gms);
    return [...fences].flatMap(({ 1: kind, 2: code = '', index }) => {
      const line = this.text.slice(0, index).split('\n').length;
      const name = `${this.file}:${line}`;
      return kind === 'ts'
        ? [{ name, code }]
        : [
            { name: `${name} before`, code: sideOf(code, '+') },
            { name: `${name} after`, code: sideOf(code, '-') },
          ];
    });
  }

  /** The first cell of every row of every table, without backquotes. */
  get firstCells(): string[] {
    return [...this.text.matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell!);
  }

  mentions(name: string): boolean {
    return new RegExp(`\\b${name}\\b`).test(this.text);
  }

  /** The error codes in tables. Elsewhere such a name may be a variable of the environment. */
  get codes(): Set<string> {
    const rows = this.text.match(/^\|.*$/gm)?.join('\n') ?? '';
    return new Set(rows.match(/(?<=`)PORTONE_[A-Z_]+(?=`)/g));
  }

  get headings(): number[] {
    return [...this.prose.matchAll(/^(#+) /gm)].map(
      ([, marks]) => marks!.length,
    );
  }

  /** The targets of relative links: a file of the repository, and a heading in it. */
  get links(): { readonly file: string; readonly heading?: string }[] {
    const links = [
      ...this.prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g),
    ];
    return links.map(([, path, heading]) => ({
      file: path ? normalize(join(dirname(this.file), path)) : this.file,
      heading,
    }));
  }

  /** The links whose file or heading does not exist. */
  async brokenLinks(): Promise<string[]> {
    const broken = await Promise.all(
      this.links.map(async ({ file, heading }) => {
        if (!existsSync(join(ROOT, file))) return [file];
        if (heading === undefined) return [];
        const { anchors } = await Page.read(file);
        return anchors.includes(heading) ? [] : [`${file}#${heading}`];
      }),
    );
    return broken.flat();
  }

  /** The names under which links refer to headings. */
  private get anchors(): string[] {
    return [...this.prose.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }

  /** The text without code blocks. */
  private get prose(): string {
    return this.text.replace(/^```.*?^```/gms, '');
  }
}

/** A diff without the lines that begin with `other`. */
const sideOf = (diff: string, other: '+' | '-'): string =>
  diff
    .split('\n')
    .filter((line) => !line.startsWith(other))
    .map((line) => line.slice(1))
    .join('\n');
