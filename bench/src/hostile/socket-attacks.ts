/** What a hostile member does on sockets: handshakes without end, and rooms full of signals. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { b64, encodeSignalFrame, fromB64, joinMessage, randomBytes } from '@relay/protocol';
import type { Attack, AttackParts } from './attacks.ts';
import { over } from './attacks.ts';

const BOX_BYTES = 49_152;
const SEATS = 4;
const SIGNALS_AT_ONCE = 32;

/** What a room needs besides. */
export interface RoomParts {
  circleId: Uint8Array<ArrayBuffer>;
  keyHash: Uint8Array<ArrayBuffer>;
}

/** Engine.IO 4 and Socket.IO 5 by hand, so that nothing is kinder to the server than it must be. */
class Wire {
  readonly #socket: WebSocket;
  readonly #acks = new Map<number, (answer: unknown) => void>();
  #last = 0;
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;

  constructor(url: string, session: Uint8Array | undefined) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const socket = this.#socket;
    this.closed = new Promise((resolve) => socket.addEventListener('close', () => resolve()));
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener('error', () => reject(new Error('no socket')));
      socket.addEventListener('close', () => reject(new Error('closed')));
      socket.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return;
        if (data.startsWith('0') && session === undefined) resolve();
        else if (data.startsWith('0'))
          socket.send(`40${JSON.stringify({ token: b64(session as Uint8Array) })}`);
        else if (data === '2') socket.send('3');
        else if (data.startsWith('40')) resolve();
        else if (data.startsWith('44')) reject(new Error('refused'));
        const ack = /^43(\d+)(.*)$/s.exec(data);
        if (ack) this.#acks.get(Number(ack[1]))?.((JSON.parse(ack[2] ?? '[]') as unknown[])[0]);
      });
    });
    this.opened.catch(() => undefined);
  }

  ask(event: string, payload: unknown): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    this.#socket.send(`42${id}${JSON.stringify([event, payload])}`);
    return this.#answer(id);
  }

  askBinary(event: string, bytes: Uint8Array): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    this.#socket.send(`451-${id}${JSON.stringify([event, { _placeholder: true, num: 0 }])}`);
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    return this.#answer(id);
  }

  close(): void {
    this.#socket.close();
  }

  #answer(id: number): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      void this.closed.then(() => reject(new Error('closed')));
      this.#acks.set(id, (answer) => {
        this.#acks.delete(id);
        resolve(answer as Record<string, unknown>);
      });
    });
  }
}

/** Sockets that come and go, with a session and without. */
export const handshakes: Attack = (parts) => {
  for (const session of [parts.session, undefined])
    over(8, parts, async () => {
      const wire = new Wire(parts.url, session);
      await wire.opened.finally(() => wire.close());
    });
};

/** Takes seats in one room, and sends the largest signals from each to the next. */
export function signals(room: RoomParts): Attack {
  return (parts) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const roomKey = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    const flood = async () => {
      const seats: { wire: Wire; seat: Uint8Array<ArrayBuffer> }[] = [];
      for (let i = 0; i < SEATS; i++)
        seats.push(await sit(parts, room, roomKey, (text) => sign(null, text, privateKey)));
      await Promise.race([
        ...seats.map(({ wire }) => wire.closed),
        ...seats.flatMap(({ wire, seat }, i) => {
          const to = seats[(i + 1) % SEATS]?.seat ?? seat;
          const frame = encodeSignalFrame({ from: seat, to, box: randomBytes(BOX_BYTES).slice() });
          return Array.from({ length: SIGNALS_AT_ONCE / SEATS }, async () => {
            while (!parts.stop.aborted) {
              await wire.askBinary('signal', frame);
              parts.done();
            }
          });
        }),
      ]).finally(() => {
        for (const { wire } of seats) wire.close();
      });
    };
    over(1, parts, flood);
    // And joins of ever new rooms by a seat that it leaves again, each with a signature to check.
    over(2, parts, async () => {
      const { wire, seat } = await sit(parts, room, roomKey, (text) => sign(null, text, privateKey));
      await wire.ask('leave', { seat: b64(seat) }).finally(() => wire.close());
    });
  };
}

async function sit(
  { url, session }: AttackParts,
  { circleId, keyHash }: RoomParts,
  roomKey: Uint8Array<ArrayBuffer>,
  signed: (message: Uint8Array) => Buffer,
): Promise<{ wire: Wire; seat: Uint8Array<ArrayBuffer> }> {
  const wire = new Wire(url, session);
  await wire.opened;
  const { nonce } = (await wire.ask('room', {})) as { nonce?: string };
  if (nonce === undefined) throw new Error('no nonce');
  const seat = new Uint8Array(createHash('sha256').update(randomBytes(32)).digest());
  const message = joinMessage({ circleId, origin: url, nonce: fromB64(nonce), roomKey, seat, keyHash });
  const payload = {
    origin: url,
    nonce,
    roomKey: b64(roomKey),
    seat: b64(seat),
    signature: b64(signed(message)),
  };
  await wire.ask('join', payload);
  return { wire, seat };
}
