import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { LivePage, openBrowser } from './browser.js';
import { openLive, type LiveApp } from './live-app.js';

describe('The server of the live page', () => {
  let browser: Browser | undefined;
  let live: LiveApp | undefined;

  afterEach(async () => {
    await browser?.close();
    await live?.close();
    browser = live = undefined;
  });

  it('sends no token and no secret to the browser, whichever buttons are pressed', async () => {
    browser = await openBrowser();
    live = await openLive();
    const page = await LivePage.open(browser, live.url);
    for (const action of ['revoke', 'requests', 'instance/start'])
      await page.press(action);
    await page.press('webhook/forged');
    await page.seesEvent('requests', '200 answered 200');
    await page.seesEvent('webhook', 'refused');
    await page.seesEvent('adopted', 'Other instance');
    await page.press('permission/take');
    await page.seesEvent('permissions-changed', 'TX_UPDATE');

    const { portone } = live;
    const tokens = portone.calls.requests.flatMap(
      ({ headers: { authorization }, body }) => [
        authorization?.replace(/^Bearer /, '') ?? '',
        ...Object.values(body ? (JSON.parse(body) as object) : {}),
      ],
    );
    const secrets = [
      ...new Set(tokens.filter((text) => String(text).length > 0)),
      portone.apiSecret,
      portone.webhookSecret,
      process.env['SHOP_API_KEY']!,
    ].map(String);
    expect(secrets.length).toBeGreaterThan(5);
    const all = [
      ...page.received,
      await page.page.content(),
      JSON.stringify(await page.page.evaluate('({ ...localStorage })')),
    ].join('\n');
    expect(all).toContain('"type":"adopted"');
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
    expect(all).not.toMatch(/eyJ[\w-]{10}|Bearer |whsec_/);
  });

  it('closes in less than 1 s while two pages are open', async () => {
    browser = await openBrowser();
    live = await openLive();
    const pages = [
      await LivePage.open(browser, live.url),
      await LivePage.open(browser, live.url),
    ];
    for (const page of pages) await page.sees('#link', 'Live');
    const startedAt = performance.now();
    await live.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    live = undefined;
    for (const page of pages) await page.sees('#link', 'Connection lost');
  });

  it('answers 403 to pages of other origins', async () => {
    live = await openLive();
    const { url } = live;
    const status = async (headers: Record<string, string>) => {
      const request = get(`${url}/live/events`, { headers });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.destroy();
      return response.statusCode;
    };
    expect(await status({})).toBe(200);
    expect(await status({ Host: 'shop.example' })).toBe(403);
    expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    const pressed = await fetch(`${url}/live/revoke`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
    });
    expect(pressed.status).toBe(403);
  });

  it('also serves the shop: its routes need the API key, and there are an API document and a health check', async () => {
    live = await openLive();
    const { url } = live;
    expect((await fetch(`${url}/payments/payment-1`)).status).toBe(401);
    const health = await fetch(`${url}/health`);
    expect(await health.json()).toMatchObject({
      status: 'ok',
      info: { portone: { status: 'up', state: 'fresh' } },
    });
    const document = await (await fetch(`${url}/docs-json`)).text();
    expect(document).toContain('"x-portone-permissions":["TX_UPDATE"]');
    expect(document).toContain('"x-portone-webhook":true');
    expect(document).not.toContain('/live/');
    const { headers } = await fetch(url);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';(?!.*unsafe)/,
    );
  });

  it('does not start without the emulator or in production; the error says why', async () => {
    await expect(openLive({ PORTONE_EMULATOR: '' })).rejects.toThrow(
      'The live page works only beside the emulator',
    );
    await expect(openLive({ NODE_ENV: 'production' })).rejects.toThrow(
      'NODE_ENV=production',
    );
  });
});

describe('The colours of the live page', () => {
  const css = readFileSync(
    new URL('../../../sample/03-live/page/base.css', import.meta.url),
    'utf8',
  );
  const palettes = [...css.matchAll(/:root \{([^}]+)\}/g)].map(([, body]) =>
    Object.fromEntries(
      [...body!.matchAll(/--([\w-]+): (#\w{6})/g)].map(([, name, colour]) => [
        name!,
        colour!,
      ]),
    ),
  );

  /** The contrast ratio of WCAG 2. Text needs at least 4.5. */
  const contrast = (one: string, other: string) => {
    const [high, low] = [one, other]
      .map((colour) => {
        const [r, g, b] = [1, 3, 5]
          .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
          .map((c) =>
            c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
          );
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      })
      .toSorted((a, b) => b - a);
    return (high! + 0.05) / (low! + 0.05);
  };

  it.each([
    ['light', 0],
    ['dark', 1],
  ] as const)('are readable in %s', (_, index) => {
    const palette = palettes[index]!;
    for (const text of ['ink', 'muted', 'good', 'wait', 'bad', 'link'])
      for (const background of ['page', 'card'])
        expect(contrast(palette[text]!, palette[background]!)).toBeGreaterThan(
          4.5,
        );
  });
});
