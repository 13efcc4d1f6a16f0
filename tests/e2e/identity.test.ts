import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCircle, loadIdentity, readIdentityFile, writeIdentityFile } from '@relay/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { PATIENT } from '../support/patience.ts';
import { findPlaintext } from '../support/plaintext.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';
import { readStorage } from '../support/stored.ts';
import { MemberWindow } from '../support/window.ts';

const LABELS = ['Ada', 'Bruno', 'Chiara'];
const PASSPHRASE = 'correct horse battery staple';

let browser: Browser;
let stack: Stack<'page'>;
let files: string;
let window: MemberWindow;

/** Chooses a file as a person does: by the button and the browser's own picker. */
async function pick(file: string | { name: string; bytes: Uint8Array }): Promise<void> {
  const asked = window.page.waitForEvent('filechooser');
  await window.page.getByRole('button', { name: /choose a file|use another file/i }).click();
  const chooser = await asked;
  if (typeof file === 'string') await chooser.setFiles(file);
  else await chooser.setFiles({ name: file.name, mimeType: '', buffer: Buffer.from(file.bytes) });
}

/** Drops a file on the page. */
async function drop(bytes: Uint8Array): Promise<void> {
  const dataTransfer = await window.page.evaluateHandle(
    (content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], 'identity-01.bin'));
      return transfer;
    },
    [...bytes],
  );
  const zone = window.page.getByText('Drop your identity file here');
  await zone.dispatchEvent('dragover', { dataTransfer });
  await zone.dispatchEvent('drop', { dataTransfer });
}

beforeAll(async () => {
  files = mkdtempSync('/var/tmp/relay-identities-');
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack(inject('postgresUrl'), LABELS, { page: {} }),
  ]);
  window = await MemberWindow.open(browser, stack.pages.page);
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
  rmSync(files, { recursive: true, force: true });
});
beforeEach(async () => {
  await window.page.reload();
  await window.byId('identity-file').waitFor({ state: 'attached' });
});

describe('an identity file', () => {
  it('opens from the picker, and is forgotten on reload and lock', async () => {
    await pick(stack.identityPath(1));
    await window.online();
    expect(await window.byId('self').textContent()).toBe('Ada');
    await window.byId('lock').click();
    await window.byId('identity-file').waitFor({ state: 'attached' });
    await pick(stack.identityPath(2));
    await window.online();
    expect(await window.byId('self').textContent()).toBe('Bruno');
    await window.page.reload();
    await window.byId('identity-file').waitFor({ state: 'attached' });
    const { bytes, rows, frames, others } = await readStorage(window.page);
    expect([rows, frames, others]).toEqual([0, 0, 0]);
    for (const number of [1, 2]) {
      const { seed } = await readIdentityFile(stack.identity(number));
      expect(bytes.includes(Buffer.from(seed))).toBe(false);
    }
    expect(findPlaintext(bytes, [...LABELS, 'seed', 'Relay identity'])).toEqual([]);
  });

  it('opens when it is dropped', async () => {
    await drop(stack.identity(1));
    await window.online();
    expect(await window.byId('self').textContent()).toBe('Ada');
  });

  it('asks for its passphrase, says when that is wrong, and opens with the right one', async () => {
    const wrapped = join(files, 'identity-01.bin');
    writeFileSync(wrapped, await writeIdentityFile(await readIdentityFile(stack.identity(1)), PASSPHRASE));
    await pick(wrapped);
    await window.byId('passphrase').fill('tr0ub4dor');
    await window.byId('passphrase').press('Enter');
    await expect.poll(() => window.fault(), PATIENT).toBe('identity_passphrase');
    expect(await window.byId('fault').textContent()).toContain('Try again');
    expect(await window.byId('passphrase').inputValue()).toBe('');
    await window.byId('passphrase').fill(PASSPHRASE);
    await window.byId('passphrase').press('Enter');
    await window.online();
    expect(await window.byId('self').textContent()).toBe('Ada');
  });

  it.each([
    ['identity_truncated', (whole: Uint8Array) => whole.subarray(0, whole.length - 100), 'cut short'],
    ['identity_corrupt', (whole: Uint8Array) => whole.with(500, (whole[500] ?? 0) ^ 1), 'damaged'],
    ['identity_foreign', () => Buffer.from('A holiday picture, perhaps.'), 'not a Relay identity'],
    ['identity_foreign', () => Buffer.alloc(0), 'not a Relay identity'],
  ] as const)('is refused in words when it is broken: %s (%#)', async (code, broken, words) => {
    await drop(broken(stack.identity(1)));
    await expect.poll(() => window.fault(), PATIENT).toBe(code);
    expect(await window.byId('fault').textContent()).toContain(words);
    await pick(stack.identityPath(1));
    await window.online();
  });

  it('is not even read when it is far too large', async () => {
    const film = join(files, 'film.bin');
    writeFileSync(film, Buffer.alloc(5_000_000));
    await pick(film);
    await expect.poll(() => window.fault(), PATIENT).toBe('identity_foreign');
    expect(await window.byId('fault').textContent()).toContain('too large');
  });

  it('of somebody whom the relay does not serve is refused in words', async () => {
    const [stranger] = (await generateCircle(['Mallory', 'Trudy'])).identities;
    if (stranger === undefined) throw new Error('no identity');
    await pick({ name: 'identity-01.bin', bytes: await writeIdentityFile(stranger) });
    await expect.poll(() => window.connection(), PATIENT).toBe('refused');
    const banner = await window.byId('connection-banner').textContent();
    expect(banner).toMatch(/identity/i);
  });
});

describe('the page', () => {
  it('is usable by keyboard alone, from the file to a message that arrives', async () => {
    const { keyboard } = window.page;
    const focusedIs = (selector: string) =>
      window.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    const tabTo = async (selector: string) => {
      for (let presses = 0; !(await focusedIs(selector)); presses++) {
        if (presses > 40) throw new Error(`Tab never gets to ${selector}`);
        await keyboard.press('Tab');
      }
    };
    await tabTo('.button-primary');
    const asked = window.page.waitForEvent('filechooser');
    await keyboard.press('Enter');
    await (await asked).setFiles(stack.identityPath(1));
    await window.online();
    await tabTo('[data-testid=conversation-2]');
    await keyboard.press('ArrowDown');
    expect(await focusedIs('[data-testid=conversation-3]')).toBe(true);
    await keyboard.press('Enter');
    await expect.poll(() => focusedIs('[data-testid=composer]'), PATIENT).toBe(true);
    await keyboard.type('two lines,');
    await keyboard.press('Shift+Enter');
    await keyboard.type('no mouse');
    await keyboard.press('Enter');
    await expect.poll(() => window.texts(), PATIENT).toEqual(['*two lines,\nno mouse']);
    expect(await focusedIs('[data-testid=composer]')).toBe(true);
    const chiara = await stack.open(3);
    await chiara.receive('Ada', 'two lines,\nno mouse');
    await chiara.send('Ada', 'Got it');
    await expect.poll(() => window.texts(), PATIENT).toContain('Got it');
    await chiara.close();
  });

  it('shows the fingerprints that members compare when they meet', async () => {
    await pick(stack.identityPath(1));
    await window.online();
    const shown = async () => (await window.byId('fingerprint').textContent())?.replace(/\s/g, '');
    for (const [button, number] of [
      ['self', 1],
      ['details', 3],
    ] as const) {
      if (button === 'details') await window.choose(number);
      await window.byId(button).click();
      const { member } = await loadIdentity(stack.identity(number));
      if (button === 'details') await window.byId('show-fingerprint').click();
      expect(await window.byId('fingerprint').isVisible()).toBe(true);
      await expect.poll(shown, PATIENT).toBe(Buffer.from(member.keyHash).toString('hex').slice(0, 32));
      await window.page.keyboard.press('Escape');
      await window.byId('fingerprint').waitFor({ state: 'detached' });
    }
  });

  it('fits a window of 360 pixels, on every screen', async () => {
    window = await MemberWindow.open(browser, stack.pages.page, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const widths = async () =>
      window.page.evaluate(() => [document.documentElement.scrollWidth, globalThis.innerWidth]);
    await window.byId('identity-file').waitFor({ state: 'attached' });
    expect(await widths()).toEqual([360, 360]);
    await pick(stack.identityPath(2));
    await window.online();
    expect(await widths()).toEqual([360, 360]);
    await window.byId('conversation-3').tap();
    await window.byId('composer').fill(`a word that is long: ${'Donaudampfschifffahrt'.repeat(12)}`);
    await window.byId('send').tap();
    await expect.poll(() => window.deliveries(), PATIENT).toEqual(['sent']);
    expect(await widths()).toEqual([360, 360]);
    expect(await window.byId('conversation-1').isVisible()).toBe(false);
    await window.byId('back').tap();
    await window.byId('conversation-1').waitFor();
    expect(await widths()).toEqual([360, 360]);
  });
});
