import { describe, expect, it } from 'vitest';
import { galleryPage } from './support/gallery-page.ts';

const { page, show, click } = galleryPage();
const isOpen = () => page().evaluate(() => document.pictureInPictureElement !== null);
const isPressed = () => page().getByTestId('call-pip').getAttribute('aria-pressed');
/** Frames that the picture above other windows has shown so far. */
const frames = () =>
  page().evaluate(() => {
    const shown = document.pictureInPictureElement as HTMLVideoElement | null;
    return shown?.getVideoPlaybackQuality().totalVideoFrames ?? -1;
  });

async function open(): Promise<void> {
  await show('call-two');
  await expect.poll(() => page().locator('.pip-source video').evaluate(hasFrame)).toBe(true);
  await click('call-pip');
  await expect.poll(isOpen).toBe(true);
}
const hasFrame = (video: Element) => (video as HTMLVideoElement).readyState >= 2;

describe('the picture in picture of a call', () => {
  it('opens, goes on moving, also while the call is small, and closes with the button', async () => {
    await open();
    await expect.poll(isPressed).toBe('true');
    const before = await frames();
    await expect.poll(frames, { timeout: 10_000 }).toBeGreaterThan(before + 1);
    await click('call-shrink');
    await page().getByTestId('call-small').waitFor();
    expect(await isOpen()).toBe(true);
    await click('call-expand');
    await click('call-pip');
    await expect.poll(isOpen).toBe(false);
    await expect.poll(isPressed).toBe('false');
  });

  it('closes when the call is gone', async () => {
    await open();
    await page().evaluate(() => {
      location.hash = 'call-unanswered';
    });
    await expect.poll(isOpen).toBe(false);
  });

  it('has no button in a browser that does not offer it', async () => {
    await page().evaluate(() => Object.defineProperty(document, 'pictureInPictureEnabled', { value: false }));
    await show('call-two');
    await page().getByTestId('call-layout').waitFor();
    expect(await page().getByTestId('call-pip').count()).toBe(0);
  });
});
