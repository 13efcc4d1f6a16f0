import { request } from 'node:http';
import { concat, encodeUploadFrame, HASH_BYTES, randomBytes } from '@relay/protocol';
import { timed } from '../load/clock.ts';
import { openHttpClient } from '../load/http-client.ts';
import type { BenchCircle } from '../system/circle.ts';
import { bareHpke } from './crypto.ts';
import { FLOOR_ROUTES, TICKET_HEADER } from './routes.ts';

/** The way of one message without Relay: every step that it cannot do without, on the bare server. */
export interface BareJourney {
  /** Runs it once; resolves to the time of each step, in milliseconds. */
  run(): Promise<Record<string, number>>;
  /** Between trials; see `HttpClient.hangUp`. */
  hangUp(): void;
  close(): void;
}

/** @param url of the bare server */
export async function openBareJourney(url: string, circle: BenchCircle): Promise<BareJourney> {
  const hpke = await bareHpke(circle);
  const http = openHttpClient(url, 2);
  const events = await openEvents(url);
  return {
    async run() {
      const arrival = events.next();
      const id = randomBytes(16);
      let sealed = await hpke.seal();
      const seal = await timed(async () => {
        sealed = await hpke.seal();
      });
      const blob = concat(sealed.enc, sealed.ct);
      const [readHash, deleteHash] = [randomBytes(HASH_BYTES), randomBytes(HASH_BYTES)];
      const frame = encodeUploadFrame({ id, readHash, deleteHash, blob });
      let ticket = '';
      const buy = await timed(async () => {
        ticket = (await http.post(FLOOR_ROUTES.ticket, new Uint8Array())).toString('hex');
      });
      const upload = await timed(() => http.post(FLOOR_ROUTES.upload, frame, { [TICKET_HEADER]: ticket }));
      const event = await timed(() => arrival);
      const fetch = await timed(() => http.post(FLOOR_ROUTES.fetch, id));
      const open = await timed(() => hpke.open(sealed));
      return { seal, ticket: buy, upload, event, fetch, open };
    },
    hangUp: http.hangUp,
    close() {
      events.close();
      http.hangUp();
    },
  };
}

/** The bare server's events, over an answer that never ends. */
async function openEvents(url: string): Promise<{ next(): Promise<void>; close(): void }> {
  let arrived: () => void = () => {};
  const sent = request(url + FLOOR_ROUTES.events, { method: 'POST', agent: false });
  await new Promise<void>((resolve, reject) => {
    sent.on('response', (response) => {
      response.on('data', () => arrived()).on('error', () => undefined);
      resolve();
    });
    sent.on('error', reject).end();
  });
  return {
    next: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
    close: () => sent.destroy(),
  };
}
