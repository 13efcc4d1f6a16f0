import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import type { TestFile } from '../support/files.ts';
import { attach, bring, noise, sendTray, sha256, throttle, uploadedPart, uploads } from '../support/files.ts';
import { makeGroup, openGroup } from '../support/groups.ts';
import { PATIENT } from '../support/patience.ts';
import { PLACE, pictureWithPlace } from '../support/pictures.ts';
import { save, savedBytes } from '../support/saved.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';
import { readDatabase, readStorage } from '../support/stored.ts';
import { MemberWindow } from '../support/window.ts';

const LABELS = ['Ada', 'Bruno', 'Chiara'];
/** Enough for the file of 20 MB and all the small ones; 67 MB. */
const MAILBOX_MAX_BLOBS = 1_024;
const BINARY = 'application/octet-stream';
const LARGE = noise(20_000_000);

let browser: Browser;
let stack: Stack<'ada' | 'bruno' | 'chiara'>;
let ada: MemberWindow;
let bruno: MemberWindow;
let chiara: MemberWindow;
let folder: string;

const file = (name: string, buffer: Buffer, mimeType = BINARY): TestFile => ({ name, mimeType, buffer });
const blobs = async () => (await readDatabase(stack.databaseUrl)).bodySizes.length;

/** Waits until the file of that name is at the relay, and no upload is left. */
async function arrived(window: MemberWindow, name: string): Promise<void> {
  await window.message(name).and(window.page.locator('[data-delivery=sent]')).waitFor({ timeout: 60_000 });
  await expect.poll(() => uploads(window), PATIENT).toEqual([]);
}

beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/relay-files-');
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack(
      inject('postgresUrl'),
      LABELS,
      { ada: { member: 1 }, bruno: { member: 2 }, chiara: { member: 3 } },
      { mailboxMaxBlobs: MAILBOX_MAX_BLOBS },
    ),
  ]);
  [ada, bruno, chiara] = await Promise.all([
    MemberWindow.open(browser, stack.pages.ada),
    MemberWindow.open(browser, stack.pages.bruno),
    MemberWindow.open(browser, stack.pages.chiara),
  ]);
  await Promise.all([ada.online(), bruno.online(), chiara.online()]);
  await Promise.all([ada.choose(2), bruno.choose(1), chiara.choose(1)]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  // Where a test failed in the middle, the others still say something.
  await stack.startRelay();
});

describe('files', () => {
  it('of 0 bytes, of one, and of exactly one chunk reach everyone in a group as they were', async () => {
    const group = await makeGroup(ada, 'Archive', [2, 3]);
    const files = [
      file('nothing.bin', Buffer.alloc(0)),
      file('one.bin', Buffer.from([7])),
      file('chunk.bin', noise(65_536)),
    ];
    await attach(ada, files);
    await sendTray(ada);
    for (const { name } of files) await arrived(ada, name);
    for (const window of [bruno, chiara]) {
      await openGroup(window, group);
      for (const { name, buffer } of files) {
        await window.message(name).waitFor();
        expect(await save(window, name)).toEqual({ size: buffer.length, sha256: sha256(buffer) });
      }
    }
    await Promise.all([ada.choose(2), bruno.choose(1)]);
  });

  it('of 20 MB survive a cut connection, a relay that ends and a reload of the page', async () => {
    const path = join(folder, 'film.bin');
    writeFileSync(path, LARGE);
    await throttle(ada, 4_000_000);
    await attach(ada, path);
    await sendTray(ada);
    await expect.poll(() => uploads(ada), PATIENT).toEqual(['sending']);
    await ada.context.setOffline(true);
    const before = await uploadedPart(ada);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(0.95);
    await expect.poll(() => ada.connection(), PATIENT).toBe('offline');
    await stack.stopRelay();
    await ada.context.setOffline(false);
    await ada.page.reload();
    await ada.choose(2);
    await expect.poll(() => uploads(ada), PATIENT).toEqual(['sending']);
    expect(await uploadedPart(ada)).toBeGreaterThan(0);
    expect(await bruno.message('film.bin').count()).toBe(0);
    await throttle(ada, 0);
    await stack.startRelay();
    await arrived(ada, 'film.bin');
    await bruno.message('film.bin').waitFor();
    expect(await save(bruno, 'film.bin')).toEqual({ size: LARGE.length, sha256: sha256(LARGE) });
    const { rows, frames } = await readStorage(ada.page);
    expect(frames).toBe(0);
    // The own copy of the message waits for its hour; nothing of the file does.
    expect(rows).toBeLessThanOrEqual(2);
  });

  it('can be paused, resumed and cancelled, and what was cancelled is gone at the relay', async () => {
    const before = await blobs();
    await throttle(ada, 1_000_000);
    await attach(ada, [file('halted.bin', noise(16_000_000))]);
    await sendTray(ada);
    await expect.poll(() => uploadedPart(ada), PATIENT).toBeGreaterThan(0.01);
    await ada.byId('upload-pause').click();
    await expect.poll(() => uploads(ada), PATIENT).toEqual(['paused']);
    // What was on its way still lands.
    let held: number | undefined;
    const rests = async () => {
      const before = held;
      held = await uploadedPart(ada);
      return held === before;
    };
    await expect.poll(rests, { ...PATIENT, interval: 700 }).toBe(true);
    await ada.page.waitForTimeout(700);
    expect(await uploadedPart(ada)).toBe(held);
    expect(await blobs()).toBeGreaterThan(before);
    await ada.byId('upload-resume').click();
    await expect.poll(() => uploadedPart(ada), PATIENT).toBeGreaterThan(held ?? 1);
    await ada.byId('upload-cancel').click();
    await expect.poll(() => uploads(ada), PATIENT).toEqual([]);
    await throttle(ada, 0);
    await expect.poll(blobs, PATIENT).toBe(before);
    await expect.poll(async () => (await readStorage(ada.page)).frames, PATIENT).toBe(0);
    expect(await ada.message('halted.bin').count()).toBe(0);
  });

  it('are refused before anything is sent when they do not fit, with figures', async () => {
    const before = await blobs();
    for (const [size, words] of [
      [80_000_000, /80 MB.*holds 67 MB at most/],
      [60_000_000, /60 MB.*Bruno’s mailbox has room for about \d+ MB of 67 MB/],
    ] as const) {
      const path = join(folder, `${size}.bin`);
      writeFileSync(path, Buffer.alloc(size));
      await attach(ada, path);
      await ada.byId('send').click();
      await expect.poll(() => ada.byId('fault').textContent(), PATIENT).toMatch(words);
      expect(await ada.fault()).toBe('file_too_large');
      expect(await uploads(ada)).toEqual([]);
      await ada.byId('file-tray').getByRole('button').click();
      await ada.byId('file-tray').waitFor({ state: 'detached' });
    }
    expect(await blobs()).toBe(before);
  });

  it('can be pasted and dropped, several at once and with words', async () => {
    await bring(ada, 'paste', file('pasted.txt', Buffer.from('pasted'), 'text/plain'));
    await bring(ada, 'drop', file('dropped.txt', Buffer.from('dropped'), 'text/plain'));
    await ada.send('Two files for you');
    await bruno.message('Two files for you').waitFor();
    for (const name of ['pasted', 'dropped']) {
      await bruno.message(`${name}.txt`).waitFor();
      await save(bruno, `${name}.txt`);
      expect((await savedBytes(bruno, `${name}.txt`)).toString()).toBe(name);
    }
  });
});

describe('what a file holds', () => {
  it('is shown inline when it is a picture, without the place where it was taken', async () => {
    const picture = await pictureWithPlace(ada.page);
    expect(picture.includes(PLACE)).toBe(true);
    await attach(ada, [file('garden.jpg', picture, 'image/jpeg')]);
    await sendTray(ada);
    await arrived(ada, 'garden.jpg');
    const message = bruno.message('garden.jpg');
    await message.getByTestId('file-load').click();
    const image = message.locator('img');
    await expect
      .poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth), PATIENT)
      .toBe(480);
    await message.getByTestId('file-save').click();
    await expect.poll(async () => (await savedBytes(bruno, 'garden.jpg')).length, PATIENT).toBeGreaterThan(0);
    const saved = await savedBytes(bruno, 'garden.jpg');
    expect(saved.includes(PLACE)).toBe(false);
    expect(saved.includes('Exif')).toBe(false);
    // The picture itself is the same, byte for byte.
    expect(saved.subarray(-500).equals(picture.subarray(-500))).toBe(true);
  });

  it('is never opened in the page when it could run something, whatever it is called', async () => {
    const trap =
      '<svg xmlns="http://www.w3.org/2000/svg" onload="window.trapped=1"><script>window.trapped=1</script></svg>';
    const traps = [
      file('drawing.svg', Buffer.from(trap), 'image/svg+xml'),
      file('page.html', Buffer.from(`<!doctype html>${trap}`), 'text/html'),
      file('photo.png', Buffer.from(`<!doctype html>${trap}`), 'image/png'),
    ];
    const opened: string[] = [];
    bruno.context.on('page', (page) => opened.push(page.url()));
    bruno.page.on('framenavigated', (frame) => opened.push(frame.url()));
    await attach(ada, traps);
    await sendTray(ada);
    for (const { name } of traps) await arrived(ada, name);
    for (const name of ['drawing.svg', 'page.html']) {
      await bruno.message(name).waitFor();
      expect(await bruno.message(name).getByTestId('file-load').count()).toBe(0);
      expect((await save(bruno, name)).size).toBeGreaterThan(trap.length - 1);
    }
    const photo = bruno.message('photo.png');
    await photo.getByTestId('file-load').click();
    await photo.locator('[data-testid=file][data-phase=ready]').waitFor();
    expect(await photo.textContent()).toContain('cannot be shown');
    for (const { name } of traps)
      expect(
        await bruno.message(name).locator('img, svg[onload], iframe, object, embed, video').count(),
      ).toBe(0);
    expect(await bruno.page.evaluate(() => 'trapped' in window)).toBe(false);
    expect(opened).toEqual([]);
  });
});

it('all of this is ciphertext of one size at the relay, and without complaint in the pages', async () => {
  const { bytes, bodySizes } = await readDatabase(stack.databaseUrl);
  expect(new Set(bodySizes)).toEqual(new Set([65_536]));
  expect(bytes.includes(LARGE.subarray(1_000_000, 1_000_064))).toBe(false);
  expect(bytes.includes(PLACE)).toBe(false);
  for (const window of [ada, bruno, chiara]) expect(window.errors).toEqual([]);
});
