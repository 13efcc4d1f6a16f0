/** What the relay and a member's client share about rooms (SPEC.md §14.1): proofs of joining, frames of signals, shapes of events. */
import { z } from 'zod';
import type { Bytes } from './bytes.ts';
import { concat, lp } from './bytes.ts';
import { RelayError } from './errors.ts';
import { b64Bytes, errorBody } from './http.ts';
import { HASH_BYTES, SEAT_BYTES, SIGNAL_BOX_BYTES, SIGNATURE_BYTES } from './limits.ts';
import { sha256, verifySignature } from './primitives.ts';

/** What the proof of joining a room covers. */
export interface JoinClaim {
  /** 32 bytes. */
  circleId: Uint8Array;
  /** The origin the client dialled, as text. */
  origin: string;
  /** The relay's nonce for this socket, 32 bytes. */
  nonce: Uint8Array;
  /** The room's public key, 32 bytes. */
  roomKey: Uint8Array;
  /** The seat that is taken, 32 bytes. */
  seat: Uint8Array;
  /** Key hash of the member whose session the socket has, 32 bytes. */
  keyHash: Uint8Array;
}

/** The bytes that a proof of joining signs. */
export function joinMessage({ circleId, origin, nonce, roomKey, seat, keyHash }: JoinClaim): Bytes {
  return lp('relay/1 join', circleId, origin, nonce, roomKey, seat, keyHash);
}

/** Whether `signature` (64 bytes) proves `claim` for its own room key. Never throws. */
export function verifyJoin(claim: JoinClaim, signature: Uint8Array): Promise<boolean> {
  return verifySignature(claim.roomKey, signature, joinMessage(claim));
}

/** The id (32 bytes) of the room of a public key (32 bytes). */
export function roomIdOf(roomKey: Uint8Array): Promise<Bytes> {
  return sha256(lp('relay/1 room', roomKey));
}

/** A signal on its way from one seat to another. */
export interface SignalFrame {
  /** 32 bytes. */
  from: Uint8Array;
  /** 32 bytes. */
  to: Uint8Array;
  /** Sealed; of one of {@link SIGNAL_BOX_BYTES}. */
  box: Uint8Array;
}

/** Encodes a signal: seat (32) ‖ seat (32) ‖ box. */
export function encodeSignalFrame({ from, to, box }: SignalFrame): Bytes {
  return concat(from, to, box);
}

/**
 * Reads a signal; its parts are views of `bytes`.
 * @throws RelayError `bad_request` when its box is not of one of the sizes that signals have
 */
export function decodeSignalFrame(bytes: Uint8Array): SignalFrame {
  const boxAt = 2 * SEAT_BYTES;
  const size = bytes.length - boxAt;
  if (!SIGNAL_BOX_BYTES.some((bucket) => bucket === size)) {
    throw new RelayError('bad_request', `The box of a signal has ${SIGNAL_BOX_BYTES.join(', ')} bytes.`);
  }
  return {
    from: bytes.subarray(0, SEAT_BYTES),
    to: bytes.subarray(SEAT_BYTES, boxAt),
    box: bytes.subarray(boxAt),
  };
}

/** Payload of `room`. */
export const roomPayload = z.strictObject({});

/** Payload of `join`. */
export const joinPayload = z.strictObject({
  origin: z.string().min(1).max(255),
  nonce: b64Bytes(HASH_BYTES),
  roomKey: b64Bytes(HASH_BYTES),
  seat: b64Bytes(SEAT_BYTES),
  signature: b64Bytes(SIGNATURE_BYTES),
});

/** Payload of `leave`, and of `arrived` and `left`: a seat. */
export const seatPayload = z.strictObject({ seat: b64Bytes(SEAT_BYTES) });

/** Payload of `arrived` and `left`: the seat that changed, and one's own in the same room. */
export const seatChange = z.strictObject({ own: b64Bytes(SEAT_BYTES), seat: b64Bytes(SEAT_BYTES) });

/** Acknowledgement of `room`: a nonce for one `join` of this socket. */
export const roomAck = z.union([
  z.object({ ok: z.literal(true), nonce: b64Bytes(HASH_BYTES) }),
  z.object({ error: errorBody }),
]);

/** Acknowledgement of `join`: the seats that were taken before. */
export const joinAck = z.union([
  z.object({ ok: z.literal(true), seats: z.array(b64Bytes(SEAT_BYTES)) }),
  z.object({ error: errorBody }),
]);

/** Acknowledgement of `leave` and `signal`. */
export const plainAck = z.union([z.object({ ok: z.literal(true) }), z.object({ error: errorBody })]);
