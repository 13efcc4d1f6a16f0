import type { FileSink } from '../../state/model.ts';
import { shownName } from '../format.ts';

interface SavePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<{
    createWritable: () => Promise<FileSink>;
  }>;
}

/** The browser needs the address until it has begun to save. Milliseconds. */
const HANDED_OVER = 60_000;

function download(parts: Uint8Array<ArrayBuffer>[], name: string): void {
  // Under this type no browser opens it in the page's own origin.
  const url = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), HANDED_OVER);
}

/** A sink that holds everything in memory, and hands it to the browser as a download once it is whole. */
function memorySink(name: string): FileSink {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: async (bytes) => {
      parts.push(bytes);
    },
    close: async () => {
      download(parts, name);
      parts = [];
    },
    abort: async () => {
      parts = [];
    },
  };
}

/**
 * Asks where to save a file: with the browser's own dialogue, which writes to disk as bytes come; as a download where there is none.
 * @param name as its sender called it
 * @returns undefined when nobody chose a place
 */
export async function chooseSink(name: string): Promise<FileSink | undefined> {
  const suggestedName = shownName(name).replace(/[/\\:*?"<>|]/g, '_') || 'file';
  const { showSaveFilePicker } = window as SavePicker;
  if (showSaveFilePicker === undefined) return memorySink(suggestedName);
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName });
    return await handle.createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    // Some names are refused, and some frames: a download is always there.
    return memorySink(suggestedName);
  }
}
