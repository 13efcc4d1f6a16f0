import type { Browser, Page } from 'playwright-core';
import type { ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, openGallery, serveGallery, showScene } from './gallery/browser.ts';
import { poorContrast } from './gallery/contrast.ts';
import { scenes } from './gallery/scenes.ts';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

let browser: Browser;
let server: ViteDevServer;
let page: Page;

/** What the browser refused or complained about, such as a breach of the page's policy. */
const complaints: string[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), serveGallery()]);
  page = await browser.newPage({ reducedMotion: 'reduce' });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    // The gallery has no icon, which browsers ask for all the same.
    if (line.type() === 'error' && !line.location().url.endsWith('/favicon.ico'))
      complaints.push(line.text());
  });
  await openGallery(page, server);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
}, 30_000);

async function show(name: string, viewport = WIDE): Promise<void> {
  await page.setViewportSize(viewport);
  await showScene(page, name);
}

/** What the page has asked of the state so far, without marks of reading. */
async function calls(): Promise<unknown[][]> {
  const all = await page.evaluate(() => (window as unknown as { calls: unknown[][] }).calls);
  return all.filter(([action]) => action !== 'markRead');
}

const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

describe('every screen', () => {
  const cases = (['light', 'dark'] as const).flatMap((scheme) =>
    [NARROW, WIDE].map((viewport) => ({ scheme, viewport, width: viewport.width })),
  );
  it.each(cases)(
    'has enough contrast in $scheme and fits $width px',
    async ({ scheme, viewport, width }) => {
      await page.emulateMedia({ colorScheme: scheme });
      for (const name of Object.keys(scenes)) {
        await show(name, viewport);
        expect([name, await page.evaluate(poorContrast)]).toEqual([name, []]);
        expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([
          name,
          width,
        ]);
      }
      expect(complaints).toEqual([]);
    },
    300_000,
  );
});

it('text of hardly another colour than what is behind it counts as poor contrast', async () => {
  await show('main');
  await page.evaluate(() => {
    const words = document.createElement('p');
    words.id = 'faint';
    words.textContent = 'faint words';
    words.style.cssText = 'position: fixed; color: #999; background: #aaa';
    document.body.append(words);
  });
  const found = await page.evaluate(poorContrast);
  await page.evaluate(() => document.getElementById('faint')?.remove());
  expect(found).toEqual([expect.stringMatching(/^1\.\d\d: faint words$/)]);
});

describe('the identity', () => {
  it('is taken from the picker and by drag and drop, as bytes', async () => {
    await show('identity');
    await page.getByTestId('identity-file').setInputFiles({
      name: 'identity-01.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from([1, 2]),
    });
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array([3])], 'identity-01.bin'));
      return transfer;
    });
    await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer: dropped });
    await expect.poll(calls).toEqual([
      ['openIdentity', { file: new Uint8Array([1, 2]) }],
      ['openIdentity', { file: new Uint8Array([3]) }],
    ]);
  });

  it('is not read when it is far too large', async () => {
    await show('identity');
    const buffer = Buffer.alloc(1_048_577);
    const file = { name: 'film.bin', mimeType: 'application/octet-stream', buffer };
    await page.getByTestId('identity-file').setInputFiles(file);
    expect(await page.getByTestId('fault').innerText()).toContain('far too large');
    expect(await calls()).toEqual([]);
  });

  it('is opened with a passphrase, which is not kept in the page', async () => {
    await show('passphrase-fault');
    expect(await focused()).toBe('passphrase');
    await page.keyboard.type('seven small boats');
    await page.keyboard.press('Enter');
    await expect.poll(calls).toEqual([['openIdentity', { passphrase: 'seven small boats' }]]);
    expect(await page.getByTestId('passphrase').inputValue()).toBe('');
  });
});

describe('writing', () => {
  it('sends on Enter, and not on Shift+Enter or when there is nothing to send', async () => {
    await show('thread');
    expect(await focused()).toBe('composer');
    await page.keyboard.press('Enter');
    await page.keyboard.type('   ');
    await page.keyboard.press('Enter');
    await page.getByTestId('composer').fill('');
    await page.keyboard.type('one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('two 🙂');
    const height = (await page.getByTestId('composer').boundingBox())?.height ?? 0;
    await page.keyboard.press('Enter');
    await expect.poll(calls).toEqual([['sendText', 'conversation 2', 'one\ntwo 🙂']]);
    await expect.poll(() => page.getByTestId('composer').inputValue()).toBe('');
    expect((await page.getByTestId('composer').boundingBox())?.height).toBeLessThan(height);
  });

  it('takes the next message while the last one is still being sealed', async () => {
    await show('thread');
    for (const text of ['one', 'two', 'three']) {
      await page.getByTestId('composer').fill(text);
      await page.keyboard.press('Enter');
    }
    await expect.poll(async () => (await calls()).map(([, , text]) => text)).toEqual(['one', 'two', 'three']);
    expect(await page.getByTestId('composer').inputValue()).toBe('');
  });

  it('keeps a text that was not taken, and says why', async () => {
    await show('thread-refused-text');
    await expect.poll(() => page.getByTestId('composer').inputValue()).toContain('A very long text');
    expect(await page.getByTestId('fault').innerText()).toContain('longer than 1 MiB');
  });

  it('keeps a draft for each conversation', async () => {
    await show('thread-draft');
    await page.getByTestId('conversation-2').click();
    expect(await page.getByTestId('composer').inputValue()).toBe('');
    await page.getByTestId('conversation-3').click();
    expect(await page.getByTestId('composer').inputValue()).toContain('five minutes');
  });

  it('offers to try again or discard what failed', async () => {
    await show('thread-trouble');
    await page.getByTestId('retry').click();
    await page.getByTestId('discard').click();
    const asked = await calls();
    expect(asked.map(([action]) => action)).toEqual(['retry', 'discard']);
    expect(asked[0]?.[1]).toBe(asked[1]?.[1]);
  });
});

describe('reading', () => {
  it('marks a conversation as read when it is opened', async () => {
    await show('thread-draft');
    const all = await page.evaluate(() => (window as unknown as { calls: unknown[][] }).calls);
    expect(all).toEqual([['markRead', 'conversation 3']]);
  });

  it('stands at the end, and leaves a reader of earlier messages alone', async () => {
    await show('thread', { width: 1280, height: 480 });
    const log = page.getByRole('log');
    const fromEnd = () => log.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight);
    expect(await fromEnd()).toBeLessThan(2);
    await log.evaluate((it) => it.scrollTo(0, 0));
    await page.getByRole('button', { name: 'Newest messages' }).click();
    expect(await fromEnd()).toBeLessThan(2);
  });

  it('goes from list to thread and back on a narrow window, with the focus', async () => {
    await show('main', NARROW);
    await page.getByTestId('conversation-3').focus();
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('conversation-4');
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('conversation-4').isVisible()).toBe(false);
    await page.getByTestId('back').click();
    await expect.poll(focused).toBe('conversation-4');
    expect(await page.getByTestId('composer').count()).toBe(0);
  });

  it('shows a fingerprint and gives the focus back', async () => {
    await show('details');
    await page.getByTestId('show-fingerprint').click();
    expect(await page.getByTestId('fingerprint').innerText()).toMatch(/^([\da-f]{4}\s*){8}$/);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('details');
  });
});

describe('the surroundings', () => {
  it('connect, dismiss and lock when asked', async () => {
    await show('offline');
    await page.getByTestId('connection-banner').getByRole('button').click();
    await page.getByTestId('notices').locator('summary').click();
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    await page.getByTestId('lock').click();
    const asked = await calls();
    expect(asked.map(([action, key]) => (action === 'dismissNotice' ? [action, key] : action))).toEqual([
      'reconnect',
      ['dismissNotice', 'a'],
      'lock',
    ]);
  });
});
