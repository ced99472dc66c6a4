import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { LivePage, openBrowser } from './browser.js';
import { openLive, type LiveApp } from './live-app.js';

const ACTIONS = [
  'revoke',
  'requests',
  'login/down',
  'login/slow',
  'permission/take',
  'webhook/signed',
  'webhook/forged',
  'instance/start',
];

describe('The live page', () => {
  let browser: Browser;
  let live: LiveApp;

  beforeAll(async () => {
    browser = await openBrowser();
    live = await openLive({ TOKEN_SECONDS: '5', REDIS_URL: 'none' });
  });

  afterAll(async () => {
    await browser?.close();
    await live?.close();
  });

  it('shows how the life of the token passes, and a planned renewal', async () => {
    const page = await LivePage.open(browser, live.url);
    await page.sees('#link', 'Live');
    await page.sees('#expires', /^\d\.\d s$/);
    const spent = async () =>
      Number(await page.page.locator('#bar').getAttribute('aria-valuenow'));
    const seen: number[] = [await spent()];
    const renewed = page.seesEvent(
      'renewed',
      /by refresh in \d+ ms, as planned/,
    );
    let isRenewed = false;
    void renewed.finally(() => (isRenewed = true));
    while (!isRenewed) seen.push(await spent());
    await renewed;
    expect(Math.max(...seen)).toBeGreaterThan(seen[0]!);
    // A line has no width, so the browser counts it as hidden.
    const line = page.page.locator('#chart .renewal').first();
    await line.waitFor({ state: 'attached' });
    await page.sees('#state-word', 'Fresh');
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('is in Korean in a Korean browser, and a button changes the language', async () => {
    const page = await LivePage.open(browser, live.url, { locale: 'ko-KR' });
    await page.sees('h1', '토큰 수명 주기');
    await page.sees('#state-word', /유효|갱신 중/);
    expect(await page.page.getAttribute('html', 'lang')).toBe('ko');
    const texts = await page.page.locator('body').innerText();
    expect(texts).not.toContain('undefined');
    expect(texts).toContain('포트원');

    await page.press('revoke');
    await page.seesEvent('replayed', '복구');
    await page.page.getByRole('button', { name: 'English' }).click();
    await page.sees('h1', 'The life of a token');
    await page.seesEvent('replayed', 'Healed');
    const english = await page.page.locator('body').innerText();
    expect(english.replace('한국어', '')).not.toMatch(/undefined|[가-힣]/);
    // The choice is kept after a reload.
    await page.page.reload();
    await page.sees('h1', 'The life of a token');
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'has its own background and text colour in %s',
    async (colorScheme) => {
      const page = await LivePage.open(browser, live.url, { colorScheme });
      const colours = (await page.page.evaluate(
        '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]',
      )) as string[];
      expect(colours).toEqual(
        colorScheme === 'light'
          ? ['rgb(246, 246, 243)', 'rgb(29, 35, 41)']
          : ['rgb(15, 19, 23)', 'rgb(232, 237, 242)'],
      );
      expect(page.complaints).toEqual([]);
      await page.close();
    },
  );

  it.each(['en-US', 'ko-KR'])(
    'fits on a phone without scrolling sideways, in %s',
    async (locale) => {
      const page = await LivePage.open(browser, live.url, {
        locale,
        viewport: { width: 320, height: 640 },
        hasTouch: true,
        isMobile: true,
      });
      await page.page.locator('#routes tr').first().waitFor();
      expect(
        await page.page.evaluate('document.documentElement.scrollWidth'),
      ).toBeLessThanOrEqual(320);
      await page.close();
    },
  );

  it('can be used with the keyboard alone, and shows the focus', async () => {
    const page = await LivePage.open(browser, live.url);
    const { keyboard } = page.page;
    const reached: unknown[] = [];
    for (let press = 0; press < 20; press += 1) {
      await keyboard.press('Tab');
      reached.push(
        await page.page.evaluate(
          `(({ dataset, id, className }) => dataset.action || id || className)(document.activeElement)`,
        ),
      );
      expect(
        await page.page.evaluate(
          'getComputedStyle(document.activeElement).outlineStyle',
        ),
      ).not.toBe('none');
      if (reached.at(-1) === 'timeline') break;
    }
    expect(reached[0]).toBe('skip');
    expect(reached).toEqual(
      expect.arrayContaining([...ACTIONS, 'language', 'timeline']),
    );

    await page.page.focus('[data-action="webhook/signed"]');
    await keyboard.press('Enter');
    await page.seesEvent('webhook', 'Webhook accepted: 200');
    await page.sees('#announcement', /./);
    expect(await page.page.getAttribute('#announcement', 'aria-live')).toBe(
      'polite',
    );
    await page.close();
  });

  it('draws the bar only about once for each message of the stream when the system asks for reduced motion', async () => {
    const page = await LivePage.open(browser, live.url, {
      reducedMotion: 'reduce',
    });
    const messages = 3;
    const changes = (await page.page.evaluate(`new Promise((resolve) => {
      let changes = 0;
      let states = 0;
      const seen = new MutationObserver(() => (changes += 1));
      const stream = new EventSource('live/events');
      stream.addEventListener('state', () => {
        const bar = document.getElementById('bar');
        if (states === 0) seen.observe(bar, { attributeFilter: ['style'] });
        if (states === ${messages}) {
          stream.close();
          resolve(changes);
        }
        states += 1;
      });
    })`)) as number;
    // The page draws once a second and once for each message. Without reduced motion it would draw in every frame.
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThanOrEqual(3 * messages);
    await page.close();
  });

  it('says that each instance has its own token when there is no Redis', async () => {
    const page = await LivePage.open(browser, live.url);
    await page.sees('#shared-note', 'No Redis here');
    await page.press('instance/start');
    await page.seesEvent('acquired', 'Other instance: Logged in');
    await page.press('instance/kill');
    await page.sees('#other-word', 'Not running');
    await page.close();
  });
});
