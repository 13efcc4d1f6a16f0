import type { Bytes } from '@relay/protocol/wire';
import {
  b64,
  EVENTS,
  encodeSignalFrame,
  hex,
  joinAck,
  joinMessage,
  randomBytes,
  roomAck,
  roomIdOf,
  seatChange,
} from '@relay/protocol/wire';
import type { TestCircle, TestMember } from './member.ts';
import type { TestSocket } from './socket.ts';

/** What everyone who was invited to a call can do. */
export interface TestRoom {
  publicKey: Bytes;
  id: Bytes;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Bytes>;
}

/** Makes a room. */
export async function makeRoom(): Promise<TestRoom> {
  const uses: KeyUsage[] = ['sign', 'verify'];
  const { publicKey, privateKey } = (await crypto.subtle.generateKey('Ed25519', true, uses)) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return {
    publicKey: raw,
    id: await roomIdOf(raw),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message)),
  };
}

/** What may differ from an honest proof of joining. */
export interface JoinChanges {
  nonce?: Bytes;
  origin?: string;
  circleId?: Bytes;
  keyHash?: Bytes;
  seat?: Bytes;
  signature?: Bytes;
  /** Runs between asking for a nonce and showing the proof. */
  meanwhile?: () => void;
}

/** A member's socket in rooms. */
export interface Sitter {
  member: TestMember;
  socket: TestSocket;
  /** Joins; resolves to the seats that were taken before, in hexadecimal, or to the code of the refusal. */
  join(room: TestRoom, changes?: JoinChanges): Promise<string[] | string>;
  /** The seat that was asked for last. */
  seat: Bytes;
  /** What came, as `arrived SEAT`, `left SEAT` and `signal FROM`. */
  told: string[];
  /** Every frame that came. */
  frames: Bytes[];
  signal(to: Uint8Array, box: Uint8Array, from?: Uint8Array): Promise<string>;
}

/** Lets a member's socket take seats. */
export function sitterOf(url: string, circle: TestCircle, member: TestMember, socket: TestSocket): Sitter {
  const { raw } = socket;
  const told: string[] = [];
  const frames: Bytes[] = [];
  for (const change of ['arrived', 'left'] as const)
    raw.on(EVENTS[change], (payload: unknown) =>
      told.push(`${change} ${hex(seatChange.parse(payload).seat)}`),
    );
  raw.on(EVENTS.signal, (payload: Uint8Array) => {
    const frame = new Uint8Array(payload);
    frames.push(frame);
    told.push(`signal ${hex(frame.subarray(0, 32))}`);
  });
  const sitter: Sitter = {
    member,
    socket,
    seat: randomBytes(32),
    told,
    frames,
    async join(room, changes = {}) {
      const asked = roomAck.parse(await raw.timeout(30_000).emitWithAck(EVENTS.room, {}));
      if ('error' in asked) return asked.error.code;
      changes.meanwhile?.();
      const { nonce = asked.nonce, origin = url, circleId = circle.circleId } = changes;
      const { keyHash = member.keyHash, seat = randomBytes(32) } = changes;
      sitter.seat = seat;
      const message = joinMessage({ circleId, origin, nonce, roomKey: room.publicKey, seat, keyHash });
      const signature = changes.signature ?? (await room.sign(message));
      const payload = {
        origin,
        nonce: b64(nonce),
        roomKey: b64(room.publicKey),
        seat: b64(seat),
        signature: b64(signature),
      };
      const ack = joinAck.parse(await raw.timeout(30_000).emitWithAck(EVENTS.join, payload));
      return 'error' in ack ? ack.error.code : ack.seats.map(hex);
    },
    signal: (to, box, from = sitter.seat) =>
      socket.ask(EVENTS.signal, Buffer.from(encodeSignalFrame({ from, to, box }))),
  };
  return sitter;
}
