/** The worst that a member can do within the protocol, each for as long as it is let: all with a good session, as fast as it is answered. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { RelayHttp } from '@relay/client/headless';
import {
  BLOB_BYTES,
  b64,
  beginDraw,
  encodeToken,
  finishDraw,
  HASH_BYTES,
  ROUTES,
  randomBytes,
  TICKET_BLOBS,
  TICKET_SCHEME,
  TOKEN_BYTES,
  TOKEN_SCHEME,
} from '@relay/protocol';
import { makeFrames } from '../load/frames.ts';
import type { HttpClient } from '../load/http-client.ts';
import { openHttpClient } from '../load/http-client.ts';

/** What an attack needs. */
export interface AttackParts {
  url: string;
  /** A session, 32 bytes. */
  session: Uint8Array;
  /** Key hashes of everybody else. */
  victims: readonly Uint8Array[];
  /** Ids of the blobs in its own mailbox. */
  ids: readonly Uint8Array[];
  /** Fires at the end. */
  stop: AbortSignal;
  /** One more was answered, or refused. */
  done(): void;
}

/** Begins; the connections it makes end with the process. */
export type Attack = (parts: AttackParts) => void;

/** Does something over and over, in so many lanes, whatever comes of it. */
export function over(lanes: number, { stop, done }: AttackParts, once: () => Promise<unknown>): void {
  for (let lane = 0; lane < lanes; lane++)
    void (async () => {
      while (!stop.aborted) {
        // What is refused at once must not keep this process from ending.
        await once().catch(() => new Promise((resolve) => setImmediate(resolve)));
        done();
      }
    })();
}

const bearer = (session: Uint8Array) => ({ Authorization: `Bearer ${b64(session)}` });
const clientOf = ({ url }: AttackParts, lanes: number): HttpClient => openHttpClient(url, lanes);
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Draws, buys, and fills the mailboxes of the others. */
const uploads: Attack = (parts) => {
  const lanes = 16;
  const http = new RelayHttp(parts.url);
  const client = clientOf(parts, lanes);
  const [frame] = makeFrames(1) as [Uint8Array];
  const stock: Uint8Array[] = [];
  let victim = 0;
  const tokens = async () => {
    const draw = beginDraw();
    const grant = await http.drawTokens(parts.session, draw.request);
    stock.push(...finishDraw(grant, draw, grant.evaluated, grant.proof).map(encodeToken));
  };
  let drawing: Promise<void> | undefined;
  over(lanes, parts, async () => {
    while (stock.length === 0) {
      drawing ??= tokens().finally(() => {
        drawing = undefined;
      });
      await drawing;
    }
    const to = parts.victims[victim++ % parts.victims.length] as Uint8Array;
    const { ticket } = await http.buyTicket(stock.pop() as Uint8Array, to);
    const headers = { Authorization: `${TICKET_SCHEME} ${b64(ticket)}` };
    for (let i = 0; i < TICKET_BLOBS && !parts.stop.aborted; i++) {
      // Another id makes it another blob.
      const blob = frame.slice();
      blob.set(randomBytes(16));
      await client.post(ROUTES.blobs, blob, headers);
      parts.done();
    }
  });
};

/** Fetches its whole mailbox. */
const fetches: Attack = (parts) => {
  const client = clientOf(parts, 16);
  const body = Buffer.concat(parts.ids.slice(0, 256));
  over(8, parts, () => client.count(ROUTES.mailboxFetch, body, bearer(parts.session)));
};

/** Lists its mailbox. */
const lists: Attack = (parts) => {
  over(8, parts, () =>
    fetch(parts.url + ROUTES.mailbox, { headers: bearer(parts.session) }).then((answer) =>
      answer.arrayBuffer(),
    ),
  );
};

/** Draws tokens, with one well-formed request over and over. */
const draws: Attack = (parts) => {
  const client = clientOf(parts, 4);
  const { request: body } = beginDraw();
  over(4, parts, () => client.post(ROUTES.tokens, body, bearer(parts.session)));
};

/** Tokens and proofs that look right and are not: the relay has to calculate before it can say so. */
const forgeries: Attack = (parts) => {
  const client = clientOf(parts, 8);
  const recipient = Buffer.from(JSON.stringify({ recipient: b64(parts.victims[0] as Uint8Array) }));
  const http = new RelayHttp(parts.url);
  let epoch: Uint8Array | undefined;
  over(8, parts, async () => {
    if (epoch === undefined) {
      const [key] = await http.tokenKeys();
      epoch = encodeToken({ epoch: key?.epoch ?? 0, nonce: randomBytes(32), output: randomBytes(64) }).slice(
        0,
        4,
      );
    }
    const token = randomBytes(TOKEN_BYTES);
    token.set(epoch);
    await client.post(ROUTES.tickets, recipient, {
      ...JSON_TYPE,
      Authorization: `${TOKEN_SCHEME} ${b64(token)}`,
    });
  });
};

/** Nonces, and proofs for them that do not hold. */
const challenges: Attack = (parts) => {
  const http = new RelayHttp(parts.url);
  over(16, parts, async () => {
    const { nonce } = await http.challenge();
    await http.openSession(nonce, { bundle: randomBytes(1_280), signature: randomBytes(64) });
  });
};

/** Asks for blobs that are not there, with secrets that open nothing. */
const guesses: Attack = (parts) => {
  const client = clientOf(parts, 8);
  const body = randomBytes(256 * (16 + HASH_BYTES));
  over(8, parts, () => client.count(ROUTES.blobsRead, body));
};

/** Reads that never read, and bodies that never end. */
const halves: Attack = (parts) => {
  const { url, session, ids } = parts;
  const { hostname, port } = new URL(url);
  over(8, parts, () => {
    const body = Buffer.concat(ids.slice(0, 256));
    return new Promise<void>((resolve) => {
      const headers = { ...bearer(session), 'Content-Type': 'application/octet-stream' };
      const asking = request(
        url + ROUTES.mailboxFetch,
        { method: 'POST', headers, agent: false },
        (answer) => {
          answer.pause();
          answer.on('close', resolve);
        },
      );
      asking.on('error', () => resolve());
      asking.end(body);
    });
  });
  const head = [
    `POST ${ROUTES.blobs} HTTP/1.1`,
    'Host: relay',
    `Authorization: ${TICKET_SCHEME} ${b64(randomBytes(32))}`,
    'Content-Type: application/octet-stream',
    `Content-Length: ${BLOB_BYTES + 80}`,
  ].join('\r\n');
  over(64, parts, () => {
    return new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.write(`${head}\r\n\r\n`);
      socket.write(randomBytes(60_000));
    });
  });
};

/** All of them by name, but those on sockets. */
export const HTTP_ATTACKS: Readonly<Record<string, Attack>> = {
  uploads,
  fetches,
  lists,
  draws,
  forgeries,
  challenges,
  guesses,
  halves,
};
