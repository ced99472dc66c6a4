import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { LivePage, openBrowser } from './browser.js';
import { openLive, type LiveApp } from './live-app.js';

describe('The buttons of the live page', () => {
  let browser: Browser;
  let live: LiveApp;
  let page: LivePage;

  beforeAll(async () => {
    browser = await openBrowser();
    live = await openLive();
    page = await LivePage.open(browser, live.url);
  });

  afterAll(async () => {
    await browser?.close();
    await live?.close();
  });

  const cancel = () =>
    fetch(`${live.url}/payments/payment-2/cancel`, {
      method: 'POST',
      headers: {
        'X-API-Key': process.env['SHOP_API_KEY']!,
        'Content-Type': 'application/json',
        'Idempotency-Key': '"refund-of-order-0001"',
      },
      body: JSON.stringify({ reason: 'changed my mind' }),
    });

  it('revoke the token: the next call gets a 401, and its replay succeeds', async () => {
    await page.press('revoke');
    await page.seesEvent('revoked', 'Token revoked');
    await page.seesEvent('replayed', 'Healed');
    await page.sees('#count-refused', /^[1-9]/);
    await page.sees('#count-healed', /^[1-9]/);
    await page.sees('#state-word', 'Fresh');
  });

  it('send 200 requests, which cause one token call at most', async () => {
    const before = await page.count('tokens');
    await page.press('requests');
    await page.seesEvent('requests', '200 requests: 200 answered 200');
    await page.sees('#count-api', /^2\d\d/);
    expect((await page.count('tokens')) - before).toBeLessThanOrEqual(1);
    await page.sees('#chart-summary', /^2\d\d requests, 0 failed/);
  });

  it('make the login fail, and work again', async () => {
    await page.press('login/down');
    await page.seesEvent('login-down', '503');
    await page.press('revoke');
    await page.seesEvent('renewal-failed', 'bad status');
    await page.sees('#chart-summary', /, [1-9]\d* failed/);
    await page.press('login/up');
    await page.seesEvent('login-up', 'Login up again');
    await page.sees('#state-word', 'Fresh');
    await page.sees('#renews-label', 'Renews in');
    await page.sees('[data-action="login/down"]', 'Take the login down');
  });

  it('make the login slow, so that callers wait, and fast again', async () => {
    await page.press('login/slow');
    await page.seesEvent('login-slow', '3 s longer');
    await page.press('revoke');
    await page.sees('#count-waiting', /^[1-9]/);
    await page.seesEvent('renewed', /in 3\d\d\d ms, at once/);
    await page.press('login/fast');
    await page.seesEvent('login-fast', 'Login fast again');
    await page.sees('#count-waiting', /^0$/);
  });

  it('remove the permission TX_UPDATE, so that the refund route answers 403, and restore it', async () => {
    await page.sees('#routes tr', /cancel\s*TX_UPDATE\s*✓ has it/);
    await page.press('permission/take');
    await page.seesEvent('permissions-changed', '−TX_UPDATE');
    await page.sees('#routes tr', /cancel\s*TX_UPDATE\s*✕ lacks it: 403/);
    expect(await page.text('#permissions')).toBe('TX_READ');
    expect((await cancel()).status).toBe(403);
    await page.seesEvent('permission-denied', 'PaymentsController.cancel');

    await page.press('permission/give');
    await page.seesEvent('permissions-changed', '+TX_UPDATE');
    await page.sees('#routes tr', /cancel\s*TX_UPDATE\s*✓ has it/);
    expect((await cancel()).status).toBe(200);
  });

  it('send a webhook, which is accepted, and a forged one, which is denied', async () => {
    await page.press('webhook/signed');
    await page.seesEvent('webhook', 'Webhook accepted: 200');
    await page.press('webhook/forged');
    await page.seesEvent('webhook', 'Forged webhook refused: 401');
  });

  it('start another instance, which adopts the token through Redis, and stop it', async () => {
    await page.sees('#other-word', 'Not running');
    const before = await page.count('tokens');
    await page.press('instance/start');
    await page.seesEvent('adopted', 'Other instance: Adopted the token');
    await page.sees('#other-word', 'Fresh');
    await page.sees('#shared-note', 'through Redis');
    expect(await page.count('tokens')).toBe(before);

    await page.press('instance/kill');
    await page.seesEvent('instance-killed', 'killed');
    await page.sees('#other-word', 'Not running');
    await page.sees('[data-action="instance/start"]', 'Start another instance');
  });

  it('cause no error or warning in the browser', () => {
    expect(page.complaints).toEqual([]);
  });
});
