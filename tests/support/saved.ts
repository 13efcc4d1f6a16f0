/** Files that a window saves: into the browser's own file system, where a test can read them. */
import type { MemberWindow } from './window.ts';

/** Runs in the page before its own code: answers the browser's dialogue for saving, which no test could. */
export function savePicker(): void {
  Object.assign(window, {
    showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
      const folder = await navigator.storage.getDirectory();
      return folder.getFileHandle(suggestedName, { create: true });
    },
  });
}

/** A file that was saved. */
export interface SavedFile {
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Saves the file of a message by its button, and waits until the page says that it is saved. */
export async function save(window: MemberWindow, name: string): Promise<SavedFile> {
  const message = window.message(name);
  await message.getByTestId('file-save').click();
  await message.locator('[data-testid=file][data-phase=saved]').waitFor();
  return readSaved(window, name);
}

/** What is in a saved file. */
export async function readSaved(window: MemberWindow, name: string): Promise<SavedFile> {
  return window.page.evaluate(async (wanted) => {
    const folder = await navigator.storage.getDirectory();
    const bytes = await (await (await folder.getFileHandle(wanted)).getFile()).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return { size: bytes.byteLength, sha256 };
  }, name);
}

/** The bytes of a small saved file. */
export async function savedBytes(window: MemberWindow, name: string): Promise<Buffer> {
  const bytes = await window.page.evaluate(async (wanted) => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle(wanted)).getFile();
    return [...new Uint8Array(await file.arrayBuffer())];
  }, name);
  return Buffer.from(bytes);
}
