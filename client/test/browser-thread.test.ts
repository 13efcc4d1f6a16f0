import type { Browser, Locator, Page } from 'playwright-core';
import type { ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openGallery, serveGallery, showScene } from './gallery/browser.ts';

let browser: Browser;
let server: ViteDevServer;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), serveGallery()]);
  page = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  await openGallery(page, server);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, 30_000);

const byId = (name: string) => page.getByTestId(name);
const message = (words: string): Locator => page.locator('.message', { hasText: words }).last();
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

/** What the page has asked of the state so far, without marks of reading. */
async function calls(): Promise<unknown[][]> {
  const all = await page.evaluate(() => (window as unknown as { calls: unknown[][] }).calls);
  return all.filter(([action]) => action !== 'markRead');
}

/** The name and size of a file that was sent stand for its content. */
async function sent(): Promise<unknown[][]> {
  return (await calls()).map(([action, , ...input]) => [action, ...input]);
}

async function keyOf(words: string): Promise<string | null> {
  return message(words).getAttribute('data-key');
}

describe('a message', () => {
  it('is answered from its menu; Escape gives that up, Enter sends', async () => {
    await showScene(page, 'thread-reply');
    const key = await keyOf('I can help');
    await expect.poll(focused).toBe('composer');
    expect(await byId('replying').innerText()).toContain('Jonas Brandt-Lindqvist');
    await page.keyboard.press('Escape');
    expect(await byId('replying').count()).toBe(0);
    await message('I can help').hover();
    await byId('quick-reply').click();
    await expect.poll(focused).toBe('composer');
    await page.keyboard.type('Thank you');
    await page.keyboard.press('Enter');
    await expect.poll(sent).toEqual([['sendText', 'Thank you', { reply: key }]]);
    expect(await byId('replying').count()).toBe(0);
  });

  it('is changed in the composer, while a draft waits', async () => {
    await showScene(page, 'thread-group');
    await byId('composer').fill('A draft');
    await message('I do. It fits').click({ button: 'right' });
    await byId('action-edit').click();
    await expect.poll(focused).toBe('composer');
    expect(await byId('composer').inputValue()).toContain('I do. It fits');
    await byId('composer').fill('I do.');
    await page.keyboard.press('Enter');
    await expect.poll(calls).toEqual([['editText', await keyOf('I do. It fits'), 'I do.']]);
    await expect.poll(() => byId('composer').inputValue()).toBe('A draft');
  });

  it('is reacted to by a press on a reaction, and from the picker', async () => {
    await showScene(page, 'thread-react');
    const key = await keyOf('I do. It fits');
    await byId('emoji').fill('not an emoji');
    expect(await byId('reaction-picker').innerText()).toContain('This is not one emoji.');
    await byId('emoji').fill('🧗');
    await page.keyboard.press('Enter');
    await byId('reaction-picker').waitFor({ state: 'detached' });
    await byId('reaction').nth(0).click();
    await byId('reaction').nth(1).click();
    await expect
      .poll(async () => JSON.stringify(await calls()))
      .toBe(
        JSON.stringify([
          ['react', key, '🧗'],
          ['react', key, null],
          ['react', key, '🪜'],
        ]),
      );
  });

  it('is deleted for everyone or oneself only after a question', async () => {
    await showScene(page, 'thread-delete');
    const key = await keyOf('I do. It fits');
    expect(await calls()).toEqual([]);
    await byId('delete-for-everyone').click();
    await byId('confirm').waitFor({ state: 'detached' });
    await message('I can help').click({ button: 'right' });
    await byId('action-delete').click();
    expect(await byId('delete-for-everyone').count()).toBe(0);
    await byId('delete-for-me').click();
    await expect.poll(calls).toEqual([
      ['deleteForEveryone', key],
      ['deleteForMe', await keyOf('I can help')],
    ]);
  });

  it('can be reached, and everything done with it, by keyboard', async () => {
    await showScene(page, 'thread-group');
    await page.getByRole('log').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('See you at nine.');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('quick-react');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('message-actions');
    await page.keyboard.press('Enter');
    await byId('action-reply').waitFor();
    await page.keyboard.press('Escape');
    await byId('action-reply').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toContain('See you at nine.');
  });

  it('says how far it got with everyone, and when it disappears', async () => {
    await showScene(page, 'thread-group');
    await message('I do. It fits').getByTestId('delivery').click();
    expect(await byId('recipient').evaluateAll((all) => all.map((it) => it.dataset.delivery))).toEqual([
      'read',
      'read',
      'sent',
      'waiting',
    ]);
    expect(await byId('expiry').innerText()).toMatch(/^Disappears between Tuesday.* and Thursday/);
  });

  it('goes to what it answers', async () => {
    await showScene(page, 'thread-group');
    await message('I do. It fits').getByTestId('reply-quote').click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toContain('Who brings the ladder');
  });
});

describe('a file', () => {
  it('is sent with what is written after it, once there is room', async () => {
    await showScene(page, 'thread-attach');
    expect(await byId('kept-video').isVisible()).toBe(true);
    expect(await byId('kept-picture').isVisible()).toBe(true);
    await byId('file-tray').getByRole('button', { name: 'Remove boat.heic' }).click();
    expect(await byId('kept-picture').count()).toBe(0);
    await byId('composer').fill('Both of them');
    await page.keyboard.press('Enter');
    await byId('file-tray').waitFor({ state: 'detached' });
    const film = 'a film of the harbour, from the pier.mp4';
    await expect.poll(sent).toEqual([
      ['checkRoom', [70, 70]],
      ['sendFile', expect.anything(), { name: 'harbour.png', type: 'image/png' }],
      ['sendFile', expect.anything(), { name: film, type: 'video/mp4' }],
      ['sendText', 'Both of them'],
    ]);
  });

  it('is taken by drag and drop and from the clipboard', async () => {
    await showScene(page, 'thread-group');
    const transfer = await page.evaluateHandle(() => {
      const made = new DataTransfer();
      made.items.add(new File(['a'], 'dropped.txt'));
      return made;
    });
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
    expect(await byId('drop-overlay').isVisible()).toBe(true);
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
    expect(await byId('drop-overlay').count()).toBe(0);
    await byId('composer').evaluate((area) => {
      const pasted = new DataTransfer();
      pasted.items.add(new File(['b'], 'pasted.txt'));
      area.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }),
      );
    });
    expect(await byId('file-tray').innerText()).toMatch(/dropped\.txt[\s\S]*pasted\.txt/);
  });

  it('is loaded, paused, gone on with and given up as its reader wants', async () => {
    await showScene(page, 'thread-files');
    await byId('file-load').first().click();
    await byId('file-pause').click();
    await byId('file-resume').click();
    await byId('file-cancel').first().click();
    await byId('upload-pause').click();
    await byId('upload-resume').last().click();
    await byId('upload-cancel').first().click();
    expect((await calls()).map(([action]) => action)).toEqual([
      'openFile',
      'pauseDownload',
      'resumeDownload',
      'cancelDownload',
      'pauseUpload',
      'resumeUpload',
      'cancelUpload',
    ]);
  });

  it('is shown as large as the window, if it is a picture', async () => {
    await showScene(page, 'thread-lightbox');
    const picture = byId('lightbox').locator('img');
    expect(await picture.evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth)).toBe(640);
    await page.keyboard.press('Escape');
    await byId('lightbox').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('picture');
  });

  it('is saved as a download that nothing opens, where there is no dialogue of the browser’s own', async () => {
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
    await showScene(page, 'thread-files');
    const waiting = page.waitForEvent('download');
    await byId('file-save').last().click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('odd.png');
    expect(download.url()).toMatch(/^blob:/);
    await download.cancel();
  });
});

describe('two thousand messages', () => {
  it('stand at their end, and stay there as more come', async () => {
    await showScene(page, 'thread-long');
    const log = page.getByRole('log');
    const fromEnd = () => log.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);
    expect(await byId('message').count()).toBe(2000);
    await expect.poll(fromEnd).toBeLessThan(2);
    expect(await message('Message 2000.').isVisible()).toBe(true);
    await log.evaluate((it) => it.scrollTo(0, it.scrollHeight / 2));
    await page.getByRole('button', { name: 'Newest messages' }).click();
    await expect.poll(fromEnd).toBeLessThan(2);
  });
});
