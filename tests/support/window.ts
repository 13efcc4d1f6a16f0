import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { PATIENT } from './patience.ts';
import { savePicker } from './saved.ts';

/** One member's browser window, with a profile of its own, as a person uses it. */
export class MemberWindow {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Origins of everything the window has asked for. */
  readonly origins = new Set<string>();
  /** Errors in the console and exceptions, except what a relay that stops causes there: failed connections, and that it says so. */
  readonly errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    context.on('request', (request) => this.#asked(request.url()));
    page.on('websocket', (socket) => this.#asked(socket.url()));
    // A picker is only caught while somebody listens, and listening takes a moment to begin.
    page.on('filechooser', () => {});
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !/net::ERR_|status of 503 /.test(text)) this.errors.push(text);
    });
  }

  /**
   * Opens a window with a fresh profile at an address.
   * @param scripts run in the page before its own code
   */
  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
    scripts: readonly (() => void)[] = [],
  ): Promise<MemberWindow> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENT.timeout);
    context.setDefaultNavigationTimeout(2 * PATIENT.timeout);
    for (const script of [savePicker, ...scripts]) await context.addInitScript(script);
    const window = new MemberWindow(context, await context.newPage());
    await window.page.goto(url);
    return window;
  }

  /**
   * Opens another window of the same profile, whose first one is elsewhere now.
   * @param ahead milliseconds by which its clock differs from the machine's
   */
  async again(url: string, ahead = 0): Promise<MemberWindow> {
    const window = new MemberWindow(this.context, await this.context.newPage());
    if (ahead !== 0) await window.page.addInitScript(shiftClock, ahead);
    await window.page.goto(url);
    return window;
  }

  /** What the connection is shown to be. */
  async connection(): Promise<string | null> {
    return this.byId('connection').getAttribute('data-status');
  }

  /** Waits until the page shows a connection. */
  async online(): Promise<void> {
    await this.page.locator('[data-testid=connection][data-status=online]').waitFor();
    await this.page.locator('nav[aria-busy=false]').waitFor();
  }

  /** Opens the conversation with the member of that number. */
  async choose(number: number): Promise<void> {
    await this.byId(`conversation-${number}`).click();
    await this.byId('composer').waitFor();
  }

  /** Writes a text into the open conversation and sends it with Enter. */
  async send(text: string): Promise<void> {
    await this.byId('composer').fill(text);
    await this.byId('composer').press('Enter');
  }

  /** The texts of the open conversation, in order, with `*` before the own ones. */
  async texts(): Promise<string[]> {
    return this.byId('message').evaluateAll((all) =>
      all.map((message) => {
        const own = message.getAttribute('data-own') === 'true' ? '*' : '';
        return own + (message.querySelector('.message-text')?.textContent ?? '');
      }),
    );
  }

  /** How far each own message of the open conversation got. */
  async deliveries(): Promise<(string | null)[]> {
    return this.page
      .locator('[data-testid=message][data-own=true]')
      .evaluateAll((all) => all.map((message) => message.getAttribute('data-delivery')));
  }

  /** How many messages the page says are waiting to be sent. */
  async waiting(): Promise<number> {
    // In one look: it may be gone at the next, and a locator would wait for it to come back.
    const counts = this.byId('outbox').evaluateAll((all) => all.map((one) => one.getAttribute('data-count')));
    return Number((await counts)[0] ?? 0);
  }

  /** The code of the fault that is shown. */
  async fault(): Promise<string | null> {
    return this.byId('fault').getAttribute('data-code');
  }

  /** The messages of the open conversation that hold a text (in their words, or as the name of their file). */
  message(text: string): Locator {
    return this.byId('message').filter({
      has: this.page.locator('.message-text, .file-name', { hasText: text }),
    });
  }

  byId(name: string): Locator {
    return this.page.getByTestId(name);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  #asked(url: string): void {
    if (/^(data|blob):/.test(url)) return;
    this.origins.add(new URL(url).origin);
  }
}

/** Runs in the page before its own code. */
function shiftClock(ahead: number): void {
  const { now } = Date;
  Date.now = () => now() + ahead;
}
