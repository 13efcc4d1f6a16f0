/** How a picture is taken: in which window, light or dark, and where it goes. */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Stack } from '../support/stack.ts';
import { MemberWindow } from '../support/window.ts';

/** The pages that pictures are taken of. */
export type Pages = 'ada' | 'bruno' | 'anybody';

/** What a picture is taken with. */
export interface Studio {
  browser: Browser;
  stack: Stack<Pages>;
  /** Where the files go. */
  folder: string;
  /** Whose clock the windows show. */
  timezoneId: string;
}

/** Size of a window at a desk. */
export const DESK = { width: 1280, height: 800 };
/** Size of a window on a phone. */
export const PHONE = { width: 390, height: 800 };

/** Options of a window for each of the looks, by what the names of its pictures begin and end with. */
export const LOOKS: readonly { before: string; after: string; options: BrowserContextOptions }[] = [
  { before: '', after: '', options: { viewport: DESK } },
  { before: '', after: '-dark', options: { viewport: DESK, colorScheme: 'dark' } },
  { before: 'phone-', after: '', options: { viewport: PHONE, hasTouch: true, isMobile: true } },
];

/** Opens a window of the studio. */
export function openWindow(
  { browser, timezoneId }: Studio,
  url: string,
  options: BrowserContextOptions = {},
): Promise<MemberWindow> {
  return MemberWindow.open(browser, url, { viewport: DESK, locale: 'en-GB', timezoneId, ...options });
}

/** Opens a window, and closes it after. */
export async function withWindow(
  studio: Studio,
  url: string,
  options: BrowserContextOptions,
  look: (window: MemberWindow) => Promise<void>,
): Promise<void> {
  const window = await openWindow(studio, url, options);
  await look(window);
  await window.close();
}

/** Takes a picture. */
export async function snap({ folder }: Studio, { page }: MemberWindow, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(150);
  await page.screenshot({ path: join(folder, `${name}.png`), caret: 'hide', animations: 'disabled' });
}

/** Does the same in a window of each look, as Ada; what it gives names to is taken in that look. */
export async function inAllLooks(
  studio: Studio,
  look: (window: MemberWindow, snapAs: (name: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const { before, after, options } of LOOKS) {
    await withWindow(studio, studio.stack.pages.ada, options, async (window) => {
      await window.online();
      await look(window, (name) => snap(studio, window, `${before}${name}${after}`));
    });
  }
}
