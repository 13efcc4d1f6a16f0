import { b64, ROUTES, TICKET_BLOBS, TICKET_SCHEME } from '@relay/protocol';
import type { Pool } from 'pg';
import { CONNECTIONS, FLOOR_ROUTES, TICKET_HEADER } from '../floors/routes.ts';
import { openBareStore } from '../floors/store.ts';
import { inLanes, rateOf } from '../load/clock.ts';
import { makeFrames } from '../load/frames.ts';
import { openHttpClient } from '../load/http-client.ts';
import { emptyMailboxes } from '../load/mailbox.ts';
import { tokenSource } from '../load/tokens.ts';
import type { Measurement, Trial } from '../measurement.ts';
import { openSession } from '../system/session.ts';

const AT_ONCE = CONNECTIONS;

/** Blobs that are on disk when the relay says so. Tickets are bought beforehand. */
export const durableUploads: Measurement = {
  name: 'durable-uploads',
  title: `durable uploads, ${AT_ONCE} at once`,
  unit: 'blobs/s',
  quantiles: [0.5],
  async prepare(world, sizes) {
    const [circle, relay, floor] = [await world.circle(), await world.relay(), await world.floor()];
    const store = await openBareStore(floor.pool);
    const frames = makeFrames(sizes.uploads);
    const toRelay = openHttpClient(relay.url, AT_ONCE);
    const toFloor = openHttpClient(floor.url, AT_ONCE);

    /** Times uploads, each on the ticket whose turn it is, and clears them away. */
    async function trial<T>(
      pool: Pool,
      tickets: readonly T[],
      upload: (frame: Uint8Array, ticket: T) => Promise<unknown>,
    ): Promise<Trial> {
      const sample = await rateOf(frames.length, () =>
        inLanes(frames, AT_ONCE, (frame, i) => upload(frame, tickets[Math.floor(i / TICKET_BLOBS)] as T)),
      );
      toRelay.hangUp();
      toFloor.hangUp();
      await emptyMailboxes(pool);
      return { samples: [sample] };
    }

    return {
      subject: {
        name: 'relay',
        async run() {
          const { http, token } = await openSession(relay.url, circle.sender);
          const tickets: string[] = [];
          const tokens = tokenSource(http, token);
          for (let i = 0; i < frames.length; i += TICKET_BLOBS) {
            const { ticket } = await http.buyTicket(await tokens(), circle.recipient.keys.keyHash);
            tickets.push(`${TICKET_SCHEME} ${b64(ticket)}`);
          }
          return trial(relay.pool, tickets, (frame, ticket) =>
            toRelay.post(ROUTES.blobs, frame, { Authorization: ticket }),
          );
        },
      },
      floors: [
        {
          name: 'same statements on bare pg',
          run: async () =>
            trial(floor.pool, await store.tickets(frames.length), (frame, ticket) =>
              store.upload(ticket, frame),
            ),
        },
        {
          name: 'the same behind bare node:http',
          async run() {
            const tickets = await store.tickets(frames.length);
            const headers = tickets.map((ticket) => ({ [TICKET_HEADER]: ticket.toString('hex') }));
            return trial(floor.pool, headers, (frame, header) =>
              toFloor.post(FLOOR_ROUTES.upload, frame, header),
            );
          },
        },
        {
          name: 'node:http that stores nothing',
          run: () => trial(floor.pool, [], (frame) => toFloor.post(FLOOR_ROUTES.sink, frame)),
        },
      ],
      close: async () => {},
    };
  },
};
