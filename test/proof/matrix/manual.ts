import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { ROOT } from '../../package/readme.js';

const MARKERS =
  /(?<=<!-- fault-matrix:start -->\n).*(?=<!-- fault-matrix:end -->)/s;

/** The text between the markers of a page. */
export async function generatedPart(manual: string): Promise<string> {
  const text = await readFile(join(ROOT, manual), 'utf8');
  const [part] = MARKERS.exec(text) ?? [];
  if (part === undefined) throw new Error(`${manual} has no markers`);
  return part;
}

/** Puts markdown between the markers. */
export async function replacePart(manual: string, part: string): Promise<void> {
  const path = join(ROOT, manual);
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replace(MARKERS, () => part),
  );
}

/** The text as prettier formats it in a page. */
export const formatted = async (markdown: string): Promise<string> =>
  `\n${await format(markdown, { parser: 'markdown' })}\n`;
