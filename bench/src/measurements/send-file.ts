import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHUNK_BYTES, chunkCount, UPLOAD_FRAME_BYTES } from '@relay/protocol';
import type { BarePage } from '../browser/devtools.ts';
import { longestTask } from '../browser/member-page.ts';
import { makeFile, openThread, sendFile } from '../browser/send-file.ts';
import { FLOOR_ROUTES, TICKET_HEADER } from '../floors/routes.ts';
import { emptyMailboxes } from '../load/mailbox.ts';
import type { Measurement, Trial } from '../measurement.ts';

const MB = 1_000_000;
/** Blobs that one ticket carries. */
const TICKET_BLOBS = 32;

/** AES-256-GCM of as many chunks, one after the other, in a page. @returns milliseconds */
function encryptBare(page: BarePage, chunks: number): Promise<number> {
  return page.evaluate(
    async ([count, size]) => {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
      const data = new Uint8Array(size);
      const began = performance.now();
      for (let i = 0; i < count; i++) {
        const iv = new Uint8Array(12);
        new DataView(iv.buffer).setUint32(0, i);
        await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data);
      }
      return performance.now() - began;
    },
    [chunks, CHUNK_BYTES] as const,
  );
}

/** As many frames from a page to the bare server, six at once, each stored before it is acknowledged. @returns milliseconds */
function uploadBare(page: BarePage, chunks: number): Promise<number> {
  return page.evaluate(
    async ({ count, size, routes, header, ticketBlobs }) => {
      const began = performance.now();
      let left = count;
      const lane = async () => {
        for (;;) {
          const answer = await fetch(routes.ticket, { method: 'POST', body: new Uint8Array(0) });
          const bytes = [...new Uint8Array(await answer.arrayBuffer())];
          const ticket = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
          for (let i = 0; i < ticketBlobs; i++) {
            if (left-- <= 0) return;
            const frame = crypto.getRandomValues(new Uint8Array(16));
            const body = new Uint8Array(size);
            body.set(frame);
            const stored = await fetch(routes.upload, {
              method: 'POST',
              headers: { [header]: ticket },
              body,
            });
            if (stored.status !== 204) throw new Error(`the bare server answered ${stored.status}`);
          }
        }
      };
      await Promise.all(Array.from({ length: 6 }, lane));
      return performance.now() - began;
    },
    {
      count: chunks,
      size: UPLOAD_FRAME_BYTES,
      routes: FLOOR_ROUTES,
      header: TICKET_HEADER,
      ticketBlobs: TICKET_BLOBS,
    },
  );
}

/** A file from the send button to the relay's disk, in a real browser. */
export const sendFileInBrowser: Measurement = {
  name: 'send-file',
  title: 'send a file to one member in Chromium',
  unit: 'MB/s',
  quantiles: [0.5],
  mostRounds: 3,
  async prepare(world, { fileMegabytes }) {
    const [relay, floor] = [await world.relay(), await world.floor()];
    const pages = await world.pages(0);
    const folder = mkdtempSync('/var/tmp/relay-bench-file-');
    const path = join(folder, 'noise.bin');
    makeFile(path, fileMegabytes);
    const bare = await pages.openBare(floor.url);
    const chunks = chunkCount(fileMegabytes * MB);
    const rate = (milliseconds: number) => fileMegabytes / (milliseconds / 1_000);
    return {
      subject: {
        name: 'the client',
        async run(): Promise<Trial> {
          const { page, close } = await pages.open();
          try {
            await openThread(page, 2);
            const time = await sendFile(page, path);
            return {
              samples: [rate(time)],
              parts: { 'longest main-thread stall': [await longestTask(page)] },
            };
          } finally {
            await close();
            await emptyMailboxes(relay.pool);
          }
        },
      },
      floors: [
        {
          name: 'bare AES-256-GCM in a page',
          run: async () => ({ samples: [rate(await encryptBare(bare.page, chunks))] }),
        },
        {
          name: 'bare uploads from a page, 6 at once',
          async run() {
            const time = await uploadBare(bare.page, chunks);
            await emptyMailboxes(floor.pool);
            return { samples: [rate(time)] };
          },
        },
      ],
      async close() {
        await bare.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
