/** The system's own Firefox, driven over WebDriver BiDi, with a microphone and a camera that are not there. */
import type { Browser, Page } from 'puppeteer-core';
import puppeteer from 'puppeteer-core';
import type { ConnectionFigures } from './call-probe.ts';
import { probeConnections, readFigures } from './call-probe.ts';

/** What Firefox needs to call without a person, a device, or any network but loopback. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.default_address_only': false,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // It looks for the network itself, and waits for what it finds.
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};
const WAIT_MS = 60_000;
const POLL_MS = 200;

/** One window of Firefox, on a member's page. */
export class FirefoxWindow {
  readonly #browser: Browser;
  readonly #page: Page;
  /** What went wrong in the page. */
  readonly errors: string[] = [];

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  /** Starts a browser at an address, and waits until the page is connected. */
  static async open(url: string): Promise<FirefoxWindow> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      headless: true,
      timeout: WAIT_MS,
      extraPrefsFirefox: PREFERENCES,
    });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(WAIT_MS);
      await page.evaluateOnNewDocument(probeConnections);
      await page.goto(url);
      await page.waitForSelector('[data-testid=connection][data-status=online]');
      await page.waitForSelector('nav[aria-busy=false]');
      return new FirefoxWindow(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Waits for what a selector finds, and clicks it. */
  async click(selector: string): Promise<void> {
    const found = await this.#page.waitForSelector(selector, { visible: true });
    await found?.click();
  }

  /** Waits until a selector finds something. */
  async shows(selector: string): Promise<void> {
    await this.#page.waitForSelector(selector);
  }

  figures(): Promise<ConnectionFigures[]> {
    return this.#page.evaluate(readFigures);
  }

  /** Waits until its only connection decodes frames and hears packets that it did not before. */
  async seesAndHears(): Promise<void> {
    const sum = (figures: ConnectionFigures | undefined) =>
      Object.values(figures?.frames ?? {}).reduce((total, count) => total + count, 0);
    const [before] = await this.figures();
    const late = performance.now() + WAIT_MS;
    for (;;) {
      const [now] = await this.figures();
      const hears = (now?.heard.packets ?? 0) > (before?.heard.packets ?? 0);
      if (hears && sum(now) > sum(before)) return;
      if (performance.now() > late) throw new Error('Firefox sees or hears nothing');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
