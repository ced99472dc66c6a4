import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { compile, problemsOf } from './compile.js';
import { portoneTypes } from './portone-types.js';
import { PUBLIC_NAMES } from './public-names.js';
import { Page, readManual, ROOT } from './readme.js';

const english = await readManual('README.md', 'docs');
const korean = await readManual('README.ko.md', 'docs/ko');
const forModels = await Page.read('llms.txt');
const pages = [...english, ...korean, forModels];
const snippets = pages.flatMap((page) => page.snippets);

/** The names of all options, with one level of nesting, such as `renewal.at`. */
function optionNames(program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(
    join(ROOT, 'lib/options/auth-module-options.ts'),
  )!;
  const options = checker
    .getExportsOfModule(checker.getSymbolAtLocation(file)!)
    .find(({ name }) => name === 'AuthModuleOptions')!;
  const fieldsOf = (type: ts.Type): readonly ts.Symbol[] =>
    checker.getPropertiesOfType(checker.getNonNullableType(type));
  return fieldsOf(checker.getDeclaredTypeOfSymbol(options)).flatMap((field) =>
    ['renewal', 'webhook'].includes(field.name)
      ? fieldsOf(checker.getTypeOfSymbol(field)).map(
          ({ name }) => `${field.name}.${name}`,
        )
      : [field.name],
  );
}

/** Every error code in the source. In the command line and `nest add` such names are variables of the environment. */
async function codesInSource(): Promise<Set<string>> {
  const files = await readdir(join(ROOT, 'lib'), { recursive: true });
  const texts = await Promise.all(
    files
      .filter(
        (file) => file.endsWith('.ts') && !/^(cli|schematics)\//.test(file),
      )
      .map((file) => readFile(join(ROOT, 'lib', file), 'utf8')),
  );
  return new Set(texts.join('\n').match(/(?<=')PORTONE_[A-Z_]+(?=')/g));
}

let program: ts.Program;

beforeAll(async () => {
  program = compile(snippets, { 'portone.ts': await portoneTypes() });
}, 120_000);

describe('The snippets', () => {
  it.each(snippets.map(({ name }) => name))(
    'at %s compile',
    (name) => {
      expect(problemsOf(program, name)).toEqual([]);
    },
    120_000,
  );

  it('with an unknown name do not compile', () => {
    const wrong = {
      name: 'wrong',
      code: "import { Nothing } from 'nestjs-portone-auth';\nexport { Nothing };",
    };
    expect(problemsOf(compile([wrong]), 'wrong')).toHaveLength(1);
  }, 120_000);

  it('begin with a module of 12 lines that reads the secret from .env', () => {
    const { code } = english[0]!.snippets[0]!;
    const lines = code.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(code).toContain('ConfigModule.forRoot');
    expect(code).toContain("'PORTONE_API_SECRET'");
  });

  it('use the same names for secrets everywhere', () => {
    const names = snippets.flatMap(({ code }) => code.match(/\w+_SECRET\b/g));
    expect(new Set(names.filter((name) => name !== null))).toEqual(
      new Set([
        'PORTONE_API_SECRET',
        'PORTONE_WEBHOOK_SECRET',
        'OUTLET_API_SECRET',
        'IMP_SECRET',
      ]),
    );
  });

  it('are the same code in both languages', () => {
    const code = (manual: readonly Page[]) =>
      manual.map(({ snippets }) =>
        snippets.map(({ code }) =>
          code.replace(/\/\/.*|\/\*.*?\*\//g, '').replace(/\s+/g, ' '),
        ),
      );
    expect(code(korean)).toEqual(code(english));
  });
});

describe.each([
  ['README.md', english],
  ['README.ko.md', korean],
])('%s and its pages', (_, manual) => {
  const readme = manual[0]!;

  it('has every option in its table', () => {
    expect(manual.flatMap((page) => page.firstCells)).toEqual(
      expect.arrayContaining(optionNames(program)),
    );
  }, 120_000);

  it('explains exactly the error codes that the package uses', async () => {
    const codes = new Set(manual.flatMap((page) => [...page.codes]));
    expect([...codes].sort()).toEqual([...(await codesInSource())].sort());
  });

  it('mentions every public name', () => {
    const names = Object.values(PUBLIC_NAMES).flat();
    const isMissing = (name: string) =>
      !manual.some((page) => page.mentions(name));
    expect(names.filter(isMissing)).toEqual([]);
  });

  it('has no broken link to a file or a heading', async () => {
    for (const page of manual)
      expect([page.file, await page.brokenLinks()]).toEqual([page.file, []]);
  });

  it('has an index that links to every page', () => {
    const index = manual.find(({ file }) => /docs.*README\.md$/.test(file))!;
    const linked = index.links.map(({ file }) => file);
    const pages = manual.map(({ file }) => file);
    expect(pages.filter((file) => !linked.includes(file))).toEqual([
      index.file,
    ]);
  });

  it('has a README of 14 to 17 KB', () => {
    const bytes = Buffer.byteLength(readme.text);
    expect(bytes).toBeGreaterThanOrEqual(14_000);
    expect(bytes).toBeLessThanOrEqual(17 * 1024);
  });

  it('names only npm scripts that exist', async () => {
    const { scripts } = JSON.parse(
      await readFile(join(ROOT, 'package.json'), 'utf8'),
    ) as { scripts: Record<string, string> };
    const named = [...readme.text.matchAll(/npm (?:run )?([\w:]+)/g)]
      .map(([, name]) => name!)
      .filter((name) => !['ci', 'install'].includes(name));
    expect(named).toEqual(expect.arrayContaining(['demo', 'test', 'start']));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('runs only programs that `npm run sample:build` builds', () => {
    const programs = manual.flatMap(({ text }) =>
      [...text.matchAll(/`node (\S+\.js)`/g)].map(([, path]) => path!),
    );
    const sources = programs.map((path) =>
      path.replace(/^sample\/dist\//, 'sample/').replace(/\.js$/, '.ts'),
    );
    expect(programs).toHaveLength(1);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it('llms.txt has about 60 lines, and no broken link', async () => {
  const lines = forModels.text.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.length).toBeLessThan(75);
  expect(await forModels.brokenLinks()).toEqual([]);
});

it('both manuals have the same sections', () => {
  const outline = (manual: readonly Page[]) =>
    manual.map((page) => page.headings);
  const names = (manual: readonly Page[]) =>
    manual.slice(1).map(({ file }) => basename(file));
  expect(names(korean)).toEqual(names(english));
  expect(outline(korean)).toEqual(outline(english));
});
