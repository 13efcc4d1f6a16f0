import { setTimeout as sleep } from 'node:timers/promises';
import type { RelayHttp } from '@relay/client/headless';
import type { Identity } from '@relay/protocol';
import { b64, ROUTES, TICKET_SCHEME, TOKEN_SCHEME } from '@relay/protocol';
import { startHostileMember } from '../hostile/process.ts';
import { makeFrames } from '../load/frames.ts';
import type { HttpClient } from '../load/http-client.ts';
import { openHttpClient } from '../load/http-client.ts';
import { dropTickets, emptyMailboxes, fillMailbox } from '../load/mailbox.ts';
import { tokenSource } from '../load/tokens.ts';
import type { Measurement } from '../measurement.ts';
import { openSession } from '../system/session.ts';
import type { World } from '../system/world.ts';

/** Each of the others sends to the next so often, in milliseconds: more than anybody types. */
const PACE_MS = 250;
/** How long a round takes, quiet or not. */
const ROUND_MS = 15_000;
/** Of a round under attack, so much passes first, in which allowances that were saved up are used up. */
const LEAD_MS = 1_000;
/** So much of it is not counted, quiet or not: that is when the others open connections. */
const OPENING_MS = 1_000;
/** In the mailbox of the hostile one, which it fetches over and over. */
const ITS_BLOBS = 512;
const ID_BYTES = 16;

/** One of the others, at an address of its own. */
interface Neighbour {
  identity: Identity;
  client: HttpClient;
  http: RelayHttp;
  session: Uint8Array;
  /** Drawn beforehand: drawing keeps this process busy, which is not what is measured. */
  tokens: Uint8Array[];
  draw(): Promise<Uint8Array>;
}

async function neighbour(url: string, identity: Identity, i: number): Promise<Neighbour> {
  const { http, token } = await openSession(url, identity);
  // 127.0.0.1 is left to the hostile one, who has no choice of addresses either.
  const client = openHttpClient(url, 6, `127.0.0.${i + 2}`);
  return { identity, client, http, session: token, tokens: [], draw: tokenSource(http, token) };
}

const bearer = (session: Uint8Array) => ({ Authorization: `Bearer ${b64(session)}` });

/** A message from its ticket until its recipient has it, as clients do it; the time in milliseconds. */
async function exchange(
  from: Neighbour,
  to: Neighbour,
  frame: Uint8Array,
  token: Uint8Array,
): Promise<number> {
  const body = Buffer.from(JSON.stringify({ recipient: b64(to.identity.keys.keyHash) }));
  const began = performance.now();
  const answer = await from.client.post(ROUTES.tickets, body, {
    'Content-Type': 'application/json',
    Authorization: `${TOKEN_SCHEME} ${b64(token)}`,
  });
  const { ticket } = JSON.parse(answer.toString()) as { ticket: string };
  await from.client.post(ROUTES.blobs, frame, { Authorization: `${TICKET_SCHEME} ${ticket}` });
  const id = frame.subarray(0, ID_BYTES);
  await to.client.post(ROUTES.mailboxFetch, id, bearer(to.session));
  const time = performance.now() - began;
  await to.client.post(ROUTES.mailboxDelete, id, bearer(to.session));
  return time;
}

/** What each of them says in a round. */
const EACH = Math.floor(ROUND_MS / PACE_MS);

/** Makes everything ready that a round uses up. */
export async function stockUp(neighbours: readonly Neighbour[]): Promise<void> {
  for (const { tokens, draw } of neighbours) while (tokens.length < EACH) tokens.push(await draw());
}

/** Lets all of them write at their pace, whether answers come or not; the time of each message but the first ones. */
export async function talk(neighbours: readonly Neighbour[]): Promise<number[]> {
  const [opening, times]: [Promise<number>[], Promise<number>[]] = [[], []];
  await Promise.all(
    neighbours.map(async (from, i) => {
      const to = neighbours[(i + 1) % neighbours.length] as Neighbour;
      const frames = makeFrames(EACH);
      const began = performance.now() + (PACE_MS * i) / neighbours.length;
      for (const [n, frame] of frames.entries()) {
        await sleep(Math.max(0, began + n * PACE_MS - performance.now()));
        const time = exchange(from, to, frame, from.tokens.pop() as Uint8Array);
        (n * PACE_MS < OPENING_MS ? opening : times).push(time);
      }
    }),
  );
  await Promise.all(opening);
  return Promise.all(times);
}

/** A crowd of which the first member is hostile, and the others are not. */
export async function prepareCrowd(world: World) {
  const crowd = await world.crowd();
  const [first, ...others] = crowd.identities as [Identity, ...Identity[]];
  const neighbours = await Promise.all(others.map((identity, i) => neighbour(crowd.url, identity, i)));
  const attack = async (only?: string[]) => {
    const ids = await fillMailbox(crowd.pool, ITS_BLOBS, first.keys.keyHash);
    return startHostileMember({
      url: crowd.url,
      identity: b64(crowd.files[0] as Uint8Array),
      victims: others.map(({ keys }) => b64(keys.keyHash)),
      ids: ids.map(b64),
      circleId: b64(crowd.circleId),
      ...(only && { only }),
    });
  };
  return { crowd, neighbours, attack };
}

/**
 * What one hostile member at full speed costs the others. All attacks run at once, in a process that yields to everybody else, so that what is measured is
 * what the server does to itself, not what an attacker's processor takes from it.
 */
export const hostileMember: Measurement = {
  name: 'hostile-member',
  title: 'a message until its recipient has it, beside a hostile member',
  unit: 'ms',
  quantiles: [0.5, 0.99],
  mostRounds: 5,
  async prepare(world) {
    const { crowd, neighbours, attack } = await prepareCrowd(world);
    const quiet = async () => {
      await stockUp(neighbours);
      const samples = await talk(neighbours);
      for (const { client } of neighbours) client.hangUp();
      return { samples };
    };
    return {
      subject: {
        name: 'under attack',
        async run() {
          await stockUp(neighbours);
          const hostile = await attack();
          await sleep(LEAD_MS);
          const trial = await quiet();
          const counts = await hostile.stop();
          await emptyMailboxes(crowd.pool);
          await dropTickets(crowd.pool);
          process.stderr.write(`  the hostile member did ${JSON.stringify(counts)}\n`);
          return trial;
        },
      },
      floors: [{ name: 'the same, quiet', run: quiet }],
      close: async () => {},
    };
  },
};
