/** Files that a test sends: how they are chosen, pasted and dropped, and how their way out is shown. */
import { createHash } from 'node:crypto';
import type { MemberWindow } from './window.ts';

/** A file to send. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Bytes that no two places of a file share, so that a swap of chunks shows. */
export function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = size | 1;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** SHA-256, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Chooses files for the open conversation by the browser's picker; they then wait in the tray. */
export async function attach(window: MemberWindow, files: string | TestFile[]): Promise<void> {
  const asked = window.page.waitForEvent('filechooser');
  await window.byId('attach').click();
  await (await asked).setFiles(files);
  await window.byId('file-tray').waitFor();
}

/** Sends what is in the tray, and waits until it was taken. */
export async function sendTray(window: MemberWindow): Promise<void> {
  await window.byId('send').click();
  await window.byId('file-tray').waitFor({ state: 'detached' });
}

/** Pastes into the composer, or drops on the thread, as a program does it that is not this page. */
export async function bring(window: MemberWindow, how: 'paste' | 'drop', file: TestFile): Promise<void> {
  const transfer = await window.page.evaluateHandle(
    ({ name, type, bytes }) => {
      const made = new DataTransfer();
      made.items.add(new File([new Uint8Array(bytes)], name, { type }));
      return made;
    },
    { name: file.name, type: file.mimeType, bytes: [...file.buffer] },
  );
  if (how === 'paste') {
    await window.byId('composer').evaluate((element, clipboardData) => {
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, transfer);
  } else {
    const thread = window.page.locator('main.thread');
    await thread.dispatchEvent('dragenter', { dataTransfer: transfer });
    await window.byId('drop-overlay').waitFor();
    await thread.dispatchEvent('drop', { dataTransfer: transfer });
    await window.byId('drop-overlay').waitFor({ state: 'detached' });
  }
  await window.byId('file-tray').waitFor();
}

/** The phases of the files on their way out of the open conversation. */
export async function uploads(window: MemberWindow): Promise<(string | null)[]> {
  return window.byId('upload').evaluateAll((all) => all.map((one) => one.getAttribute('data-phase')));
}

/** How far the one file on its way out is, from 0 to 1; undefined without one. */
export async function uploadedPart(window: MemberWindow): Promise<number | undefined> {
  const parts = await window.page.locator('[data-testid=upload] [role=progressbar]').evaluateAll((all) =>
    all.map((bar) => {
      const [now, most] = ['aria-valuenow', 'aria-valuemax'].map((name) => Number(bar.getAttribute(name)));
      return (now ?? 0) / (most || 1);
    }),
  );
  return parts[0];
}

/** Lets a window upload no faster than that, in bytes per second; 0 is without a limit. */
export async function throttle(window: MemberWindow, uploadThroughput: number): Promise<void> {
  const devtools = await window.context.newCDPSession(window.page);
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: uploadThroughput || -1,
  });
}
