import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';

const FOLDER = new URL('../../docs/pictures/', import.meta.url);

/** The pictures as the script of `npm run pictures` draws them now. */
const drawn = async (): Promise<Record<string, string>> => {
  const script = new URL('draw/pictures.mjs', FOLDER).href;
  const { pictures } = (await import(script)) as {
    pictures: () => Record<string, string>;
  };
  return pictures();
};

describe('The pictures of the manual', () => {
  it('are up to date with `npm run pictures`', async () => {
    const pictures = await drawn();
    const committed = readdirSync(FOLDER).filter((name) =>
      name.endsWith('.svg'),
    );
    expect(committed.toSorted()).toEqual(Object.keys(pictures).toSorted());
    for (const [name, svg] of Object.entries(pictures))
      expect(readFileSync(new URL(name, FOLDER), 'utf8')).toBe(svg);
  });

  it('load and run nothing, have a background, and support dark mode', async () => {
    for (const svg of Object.values(await drawn())) {
      expect(svg).not.toMatch(/<script|href=|url\(|@import|<foreignObject/);
      expect(svg).toContain('prefers-color-scheme:dark');
      expect(svg).toMatch(/<rect[^>]+class="f-card"/);
    }
  });

  it('include a picture of the live page below 200 kB', () => {
    const { size } = statSync(new URL('live.png', FOLDER));
    expect(size).toBeLessThan(200_000);
  });

  it('exist in English and Korean, with a title and a description for screen readers', async () => {
    const pictures = await drawn();
    for (const [name, svg] of Object.entries(pictures)) {
      const isKorean = name.endsWith('.ko.svg');
      expect(pictures).toHaveProperty([
        isKorean ? name.replace('.ko', '') : name.replace('.svg', '.ko.svg'),
      ]);
      const said = /<title[^>]*>(.+)<\/title>\n<desc[^>]*>(.+)<\/desc>/.exec(
        svg,
      );
      expect(said).not.toBeNull();
      expect(/[가-힣]/.test(`${said![1]}${said![2]}`)).toBe(isKorean);
    }
  });
});
