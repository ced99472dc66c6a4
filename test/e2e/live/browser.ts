import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { findChromium } from '../../support/find-chromium.mjs';

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('There is no Chromium: install it or set CHROMIUM_PATH.');
  // Chromium does not start as root with its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** The live page in a browser. Records what the browser complains about and what it receives. */
export class LivePage {
  /** Errors and warnings of the console, errors of scripts, and failed requests. */
  readonly complaints: string[] = [];
  /** The headers and bodies of all answers, and the messages of the event stream. */
  readonly received: string[] = [];

  private constructor(readonly page: Page) {}

  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<LivePage> {
    const context = await browser.newContext({ locale: 'en-US', ...options });
    const live = new LivePage(await context.newPage());
    await live.#listen();
    await live.page.goto(url);
    await live.page.locator('#buttons button').first().waitFor();
    return live;
  }

  /** Presses the button of an action such as `login/down`, as soon as the page has handled the last press. */
  press(action: string): Promise<void> {
    return this.page
      .locator(`[data-action="${action}"]:not([aria-disabled])`)
      .click();
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  async count(name: string): Promise<number> {
    return Number(await this.text(`#count-${name}`));
  }

  /** Waits for an element with this text. */
  async sees(selector: string, text: string | RegExp): Promise<void> {
    await this.page
      .locator(selector)
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout: 15_000 });
  }

  /** Waits for a line of the timeline with this text. */
  seesEvent(type: string, text: string | RegExp): Promise<void> {
    return this.sees(`#timeline li[data-type="${type}"]`, text);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  async #listen(): Promise<void> {
    const { page, complaints, received } = this;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => {
      if (!request.url().endsWith('/live/events'))
        complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
    });
    page.on('response', (response) => {
      received.push(JSON.stringify(response.headers()));
      if (!response.url().endsWith('/live/events'))
        response.text().then(
          (body) => received.push(body),
          () => undefined,
        );
    });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    devtools.on('Network.eventSourceMessageReceived', ({ data }) =>
      received.push(data),
    );
  }
}
