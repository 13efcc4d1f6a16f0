import {
  BLOB_BYTES,
  BLOB_FRAME_BYTES,
  b64,
  concat,
  MAX_IDS_PER_REQUEST,
  ROUTES,
  SESSION_SCHEME,
} from '@relay/protocol';
import { FLOOR_ROUTES } from '../floors/routes.ts';
import { rateOf } from '../load/clock.ts';
import { openHttpClient } from '../load/http-client.ts';
import { emptyMailboxes, fillMailbox } from '../load/mailbox.ts';
import type { Measurement } from '../measurement.ts';
import { openSession } from '../system/session.ts';

const MEGABYTE = 1_000_000;

/** The ids of requests as long as one may be. */
function requestsOf(ids: readonly Uint8Array[]): Uint8Array[] {
  const starts = Array.from(
    { length: Math.ceil(ids.length / MAX_IDS_PER_REQUEST) },
    (_, i) => i * MAX_IDS_PER_REQUEST,
  );
  return starts.map((from) => concat(...ids.slice(from, from + MAX_IDS_PER_REQUEST)));
}

/** A mailbox that is read after an absence, one request after the other; megabytes of blobs. */
export const fetchMany: Measurement = {
  name: 'fetch-many',
  title: `fetch, ${MAX_IDS_PER_REQUEST} blobs a request`,
  unit: 'MB/s',
  quantiles: [0.5],
  async prepare(world, sizes) {
    const [circle, relay, floor] = [await world.circle(), await world.relay(), await world.floor()];
    const ofRelay = requestsOf(await fillMailbox(relay.pool, sizes.fetches, circle.sender.keys.keyHash));
    const ofFloor = requestsOf(await fillMailbox(floor.pool, sizes.fetches));
    const toRelay = openHttpClient(relay.url, 1);
    const toFloor = openHttpClient(floor.url, 1);

    /** Times requests, and requires every blob to be there. */
    async function rate(requests: readonly Uint8Array[], fetchOne: (ids: Uint8Array) => Promise<number>) {
      let received = 0;
      const sample = await rateOf((sizes.fetches * BLOB_BYTES) / MEGABYTE, async () => {
        for (const ids of requests) received += await fetchOne(ids);
      });
      toRelay.hangUp();
      toFloor.hangUp();
      if (received < sizes.fetches * BLOB_FRAME_BYTES) throw new Error(`only ${received} bytes came`);
      return { samples: [sample] };
    }

    return {
      subject: {
        name: 'relay',
        async run() {
          const { token } = await openSession(relay.url, circle.sender);
          const headers = { Authorization: `${SESSION_SCHEME} ${b64(token)}` };
          return rate(ofRelay, (ids) => toRelay.count(ROUTES.mailboxFetch, ids, headers));
        },
      },
      floors: [
        {
          name: 'bare COPY BINARY to bare node:http',
          run: () => rate(ofFloor, (ids) => toFloor.count(FLOOR_ROUTES.fetch, ids)),
        },
        {
          name: 'node:http out of memory',
          run: () => rate(ofFloor, (ids) => toFloor.count(FLOOR_ROUTES.buffers, ids)),
        },
      ],
      async close() {
        await emptyMailboxes(relay.pool);
        await emptyMailboxes(floor.pool);
      },
    };
  },
};
