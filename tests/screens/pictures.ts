import { join } from 'node:path';
import { readIdentityFile, writeIdentityFile } from '@relay/protocol';
import type { MemberWindow } from '../support/window.ts';
import type { Studio } from './looks.ts';
import { openWindow, PHONE, snap, withWindow } from './looks.ts';
import { LABELS } from './story.ts';

async function give(window: MemberWindow, bytes: Uint8Array): Promise<void> {
  const file = { name: 'identity-01.bin', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
  await window.byId('identity-file').setInputFiles(file);
}

/** The way to an open identity. */
export async function takeIdentity(studio: Studio): Promise<void> {
  const { stack } = studio;
  const identity = stack.identity(1);
  await withWindow(studio, stack.pages.anybody, {}, async (window) => {
    await window.byId('identity-file').waitFor({ state: 'attached' });
    await snap(studio, window, 'identity');
    await give(window, identity.subarray(0, 900));
    await window.byId('fault').waitFor();
    await snap(studio, window, 'identity-error');
    await give(window, await writeIdentityFile(await readIdentityFile(identity), 'a passphrase'));
    await window.byId('passphrase').waitFor();
    await snap(studio, window, 'passphrase');
    await window.byId('passphrase').fill('another one');
    await window.byId('passphrase').press('Enter');
    await window.byId('fault').waitFor();
    await snap(studio, window, 'passphrase-error');
  });
  await withWindow(studio, stack.pages.anybody, { viewport: PHONE }, async (window) => {
    await window.byId('identity-file').waitFor({ state: 'attached' });
    await snap(studio, window, 'phone-identity');
  });
}

/** The conversations at a desk, in light and dark. */
export async function takeConversations(studio: Studio): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const suffix = colorScheme === 'dark' ? '-dark' : '';
    await withWindow(studio, studio.stack.pages.ada, { colorScheme }, async (window) => {
      await window.online();
      if (colorScheme === 'light') {
        // What arrives while the page is open, in a conversation that is not, is counted.
        const goran = await studio.stack.open(7);
        await goran.send(LABELS[0], 'Ada, is the ladder with you?');
        await window.page.locator('[data-testid=conversation-7][data-unread="1"]').waitFor();
        await goran.close();
      }
      await snap(studio, window, `conversations${suffix}`);
      await window.choose(2);
      await snap(studio, window, `conversation${suffix}`);
      if (colorScheme === 'dark') return;
      await window.choose(5);
      await snap(studio, window, 'conversation-empty');
      await window.choose(3);
      await window.byId('gap').waitFor();
      await snap(studio, window, 'gap');
    });
  }
}

/** What a member sees on a narrow window. */
export async function takePhone(studio: Studio): Promise<void> {
  const phone = { viewport: PHONE, hasTouch: true, isMobile: true };
  await withWindow(studio, studio.stack.pages.ada, phone, async (window) => {
    await window.online();
    await snap(studio, window, 'phone-conversations');
    await window.choose(2);
    await snap(studio, window, 'phone-conversation');
  });
}

/** Somebody writes while the relay is away. */
export async function takeOffline(studio: Studio): Promise<void> {
  const { stack } = studio;
  await withWindow(studio, stack.pages.ada, {}, async (window) => {
    await window.online();
    await window.choose(6);
    await stack.stopRelay();
    await window.page.locator('[data-testid=connection][data-status=offline]').waitFor();
    await window.send('On my way. I have no signal here, so this may take a while.');
    await window.byId('outbox').waitFor();
    await snap(studio, window, 'offline');
    await stack.startRelay();
    await window.online();
    await window.byId('outbox').waitFor({ state: 'detached' });
  });
}

/** Two members talk, each in a window of their own; both windows in one picture. */
export async function takeTwoWindows(studio: Studio): Promise<void> {
  const { browser, stack, folder } = studio;
  const viewport = { width: 800, height: 640 };
  const [ada, bruno] = await Promise.all([
    openWindow(studio, stack.pages.ada, { viewport }),
    openWindow(studio, stack.pages.bruno, { viewport }),
  ]);
  await Promise.all([ada.online(), bruno.online()]);
  await Promise.all([ada.choose(2), bruno.choose(1)]);
  await ada.send('Hana is very welcome, there are seats left ☕');
  await bruno.page.getByText('there are seats left').last().waitFor();
  await bruno.send('Perfect, I will tell her. Until Friday!');
  await ada.page.getByText('Until Friday!').last().waitFor();
  await Promise.all(
    [ada, bruno].map(({ page }) => page.locator('[data-delivery=waiting]').waitFor({ state: 'detached' })),
  );
  const shots = await Promise.all(
    [ada, bruno].map(async ({ page }) => {
      await page.mouse.move(0, 0);
      return page.screenshot({ caret: 'hide', animations: 'disabled' });
    }),
  );
  await Promise.all([ada.close(), bruno.close()]);

  const context = await browser.newContext({ viewport: { width: 1720, height: 764 } });
  const page = await context.newPage();
  const frames = shots.map((shot, i) => {
    const name = i === 0 ? 'Ada · localhost:5173' : 'Bruno · localhost:5174';
    return `<figure><figcaption><i></i><i></i><i></i>${name}</figcaption><img src="data:image/png;base64,${shot.toString('base64')}"></figure>`;
  });
  await page.setContent(`<style>
    body { margin: 0; display: flex; align-items: flex-start; gap: 40px; padding: 40px; background: linear-gradient(135deg, #dfe5ee, #c9d3e2); font: 15px system-ui, sans-serif; }
    figure { margin: 0; border-radius: 12px; overflow: hidden; box-shadow: 0 12px 40px #2237; background: #fff; }
    figcaption { display: flex; align-items: center; gap: 8px; height: 44px; padding: 0 16px; background: #eceff4; color: #4a5466; }
    i { width: 12px; height: 12px; border-radius: 50%; background: #c3cad6; }
    i:last-of-type { margin-right: 8px; }
    img { display: block; width: ${viewport.width}px; height: ${viewport.height}px; }
  </style>${frames.join('')}`);
  await page.screenshot({ path: join(folder, 'two-windows.png') });
  await context.close();
}
