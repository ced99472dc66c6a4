import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOLE, logLines } from './log-lines.js';
import { Page, ROOT } from './readme.js';

/** Whether a row of the table matches a line: the line starts with the first fixed part, and the others follow in order. */
function matches(row: string, line: string): boolean {
  const [start = '', ...parts] = row.split(HOLE);
  let rest = line.startsWith(start) ? line.slice(start.length) : undefined;
  for (const part of parts) {
    const at = rest?.indexOf(part) ?? -1;
    rest = at < 0 ? undefined : rest!.slice(at + part.length);
  }
  return rest !== undefined;
}

/** The rows of the tables that list log lines. */
const rowsOf = (page: Page): string[] =>
  page.firstCells.filter((cell) => /^(\W|[A-Z].* )/.test(cell));

/** The names that a pattern finds in a file of lib/token/report. One match may hold several names. */
async function namesIn(file: string, pattern: RegExp): Promise<string[]> {
  const text = await readFile(join(ROOT, 'lib/token/report', file), 'utf8');
  return [...text.matchAll(pattern)].flatMap(
    ([, found = '']) => found.match(/[\w-]+/g) ?? [],
  );
}

let lines: readonly string[];

beforeAll(async () => {
  lines = await logLines();
});

describe.each(['docs/on-call.md', 'docs/ko/on-call.md'])('%s', (file) => {
  it('lists every line that the package logs', async () => {
    const rows = rowsOf(await Page.read(file));
    const isMissing = (line: string) => !rows.some((row) => matches(row, line));
    expect(lines.filter(isMissing)).toEqual([]);
  });

  it('names every event and every field of a snapshot', async () => {
    const { text } = await Page.read(file);
    const names = await namesIn('token-events.ts', /type: ([^;]+);/g);
    const fields = await namesIn('token-snapshot.ts', /readonly (\w+)\??:/g);
    expect(names.length).toBeGreaterThan(9);
    const isMissing = (name: string) => !text.includes(`\`${name}\``);
    expect([...names, ...fields].filter(isMissing)).toEqual([]);
  });

  it('lists no line that the package does not log', async () => {
    const rows = rowsOf(await Page.read(file));
    const isGone = (row: string) => !lines.some((line) => matches(row, line));
    expect(rows.filter(isGone)).toEqual([]);
  });
});

it('the search finds lines with a value, lines with two variants, and lines of other folders', () => {
  expect(lines.length).toBeGreaterThan(20);
  expect(lines).toEqual(
    expect.arrayContaining([
      "The keys for callers' tokens were fetched from … again.",
      expect.stringMatching(/^The token is not shared: .*\(…\)/),
      expect.stringMatching(/^A request to PortOne .* \(without a value\)/),
    ]),
  );
});
