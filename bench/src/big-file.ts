// Usage: npm run big-file [-- MEGABYTES]; sends a file of that size (1,000 unless given) to one member in Chromium and watches the memory of the tab.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BarePage } from './browser/devtools.ts';
import { longestTask } from './browser/member-page.ts';
import { makeFile, openThread, sendFile } from './browser/send-file.ts';
import { createWorld } from './system/world.ts';

const DOCUMENT = new URL('../../docs/big-file.md', import.meta.url);
const LOOK_MS = 500;
const MEGABYTES = 1_000;

/** What was measured; memory in bytes. */
interface Figures {
  megabytes: number;
  seconds: number;
  /** Resident memory of the renderer before the file was chosen, and at most while it was sent. */
  before: number;
  most: number;
  /** JavaScript heap of the page's main thread at most. */
  heap: number;
  /** Milliseconds. */
  stall: number;
}

/** Looks at the memory again and again while work is done. */
async function watching(page: BarePage, rendererBytes: () => number, work: () => Promise<number>) {
  let most = 0;
  let heap = 0;
  let looking = true;
  const looks = (async () => {
    while (looking) {
      most = Math.max(most, rendererBytes());
      heap = Math.max(heap, await page.heapBytes());
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  })();
  const milliseconds = await work().finally(() => {
    looking = false;
  });
  await looks;
  return { most, heap, seconds: milliseconds / 1_000 };
}

async function measure(megabytes: number): Promise<Figures> {
  const world = createWorld();
  const folder = mkdtempSync('/var/tmp/relay-big-file-');
  try {
    const path = join(folder, 'noise.bin');
    makeFile(path, megabytes);
    const pages = await world.pages(0);
    const { page, rendererBytes, close } = await pages.open();
    await openThread(page, 2);
    try {
      // What the start needed is given back.
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      const before = rendererBytes();
      const watched = await watching(page, rendererBytes, () => sendFile(page, path));
      return { megabytes, before, ...watched, stall: await longestTask(page) };
    } finally {
      await close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  }
}

const mb = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;

function render({ megabytes, seconds, before, most, heap, stall }: Figures): string {
  const day = new Date().toISOString().slice(0, 10);
  return `# Sending a big file
\`make big-file\` makes this page; nobody types it. It sends a file of noise to one member from the client in Chromium, as \`npm run dev\` serves it, to a relay over a PostgreSQL that
flushes to disk, all on one machine, and looks twice a second at the memory of all renderers of its browser: the tab with its workers, and the empty one that every browser begins with.

| What | Figure |
| --- | ---: |
| file | ${megabytes} MB |
| from the send button to the relay's disk | ${seconds.toFixed(0)} s, ${(megabytes / seconds).toFixed(1)} MB/s |
| memory of the renderers before | ${mb(before)} |
| memory of the renderers at most | ${mb(most)} |
| JavaScript heap of the page at most | ${mb(heap)} |
| longest that the page did not answer | ${Math.round(stall)} ms |

${day}, ${process.platform} ${process.arch}.
`;
}

const megabytes = Number(process.argv[2] ?? MEGABYTES);
if (!Number.isInteger(megabytes) || megabytes < 1) {
  process.stderr.write('Give the size as a whole number of megabytes, such as 1000.\n');
  process.exit(2);
}
const text = render(await measure(megabytes));
process.stdout.write(text);
if (megabytes === MEGABYTES) writeFileSync(DOCUMENT, text);
