import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch, openGallery, serveGallery, showScene } from '../gallery/browser.ts';

/** The gallery in a browser, for the tests of one file. */
export interface GalleryPage {
  /** Once the tests have begun. */
  page: () => Page;
  /** Shows a scene afresh. */
  show: (scene: string) => Promise<void>;
  /** Clicks the element of a `data-testid`. */
  click: (id: string) => Promise<void>;
  /** Waits until there is no element of a `data-testid`. */
  gone: (id: string) => Promise<void>;
  /** What the page has asked of the state so far, without marks of reading. */
  calls: () => Promise<unknown[][]>;
}

/** Starts a browser before the tests of a file, and ends it after them. */
export function galleryPage(): GalleryPage {
  let open: Page;
  let end: () => Promise<unknown>;
  beforeAll(async () => {
    const [browser, server] = await Promise.all([launch(), serveGallery()]);
    end = () => Promise.all([browser.close(), server.close()]);
    open = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
    await openGallery(open, server);
  }, 180_000);
  afterAll(() => end(), 30_000);
  return {
    page: () => open,
    show: (scene) => showScene(open, scene),
    click: (id) => open.getByTestId(id).click(),
    gone: (id) => open.getByTestId(id).waitFor({ state: 'detached' }),
    calls: async () => {
      const all = await open.evaluate(() => (window as unknown as { calls: unknown[][] }).calls);
      return all.filter(([action]) => action !== 'markRead');
    },
  };
}
