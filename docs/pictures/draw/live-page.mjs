// Takes docs/pictures/live.png: npm run pictures:live. Not a part of the tests, because no two machines draw letters alike.
import { chromium } from 'playwright-core';
import { findChromium } from '../../../test/support/find-chromium.mjs';

Object.assign(process.env, { PORTONE_EMULATOR: '1', TOKEN_SECONDS: '30' });
const { openApp } =
  await import('../../../sample/dist/03-live/src/open-app.js');
const app = await openApp({ logger: false });
await app.listen(0, '127.0.0.1');

const browser = await chromium.launch({
  executablePath: findChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage({
  colorScheme: 'light',
  locale: 'en-US',
  viewport: { width: 1000, height: 900 },
});
await page.goto(await app.getUrl());
const hears = (type) =>
  page.locator(`#timeline li[data-type="${type}"]`).first().waitFor();
const press = async (action, type, pauseMs) => {
  await page.locator(`[data-action="${action}"]:not([aria-disabled])`).click();
  await hears(type);
  await page.waitForTimeout(pauseMs);
};

await page.waitForTimeout(8_000);
await press('instance/start', 'instance-started', 4_000);
await press('revoke', 'replayed', 6_000);
await press('login/slow', 'login-slow', 1_000);
await press('revoke', 'replayed', 6_000);
await press('login/fast', 'login-fast', 1_000);
await press('webhook/signed', 'webhook', 2_000);
await press('permission/take', 'permissions-changed', 12_000);
await page.mouse.move(0, 0);
await page.evaluate('document.activeElement.blur()');
await page.screenshot({
  path: new URL('../live.png', import.meta.url).pathname,
  fullPage: true,
});
await browser.close();
await app.close();
