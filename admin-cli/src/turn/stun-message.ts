import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Bytes of the header of a STUN message (RFC 8489 §5). */
export const HEADER_BYTES = 20;
/** Bytes of a transaction id. */
export const TRANSACTION_ID_BYTES = 12;
/** The value in each message since RFC 5389. */
export const MAGIC_COOKIE = 0x2112a442;

const MESSAGE_INTEGRITY = 0x0008;
const FINGERPRINT = 0x8028;
const INTEGRITY_BYTES = 20;
const FINGERPRINT_XOR = 0x5354554e;
const MAX_BODY_BYTES = 0xfffc;

/** Methods of STUN and TURN (RFC 8656 §17). */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

/** What kind of message it is (RFC 8489 §5). */
export type StunClass = 'request' | 'indication' | 'success' | 'error';

const CLASSES: readonly StunClass[] = ['request', 'indication', 'success', 'error'];

/** One attribute (RFC 8489 §14): its value without the padding. */
export interface StunAttribute {
  /** 0 to 65535. */
  type: number;
  value: Uint8Array;
}

/** A message without its MESSAGE-INTEGRITY and FINGERPRINT, which are made and checked apart. */
export interface StunMessage {
  /** 0 to 4095, see {@link METHOD}. */
  method: number;
  class: StunClass;
  /** {@link TRANSACTION_ID_BYTES} bytes. */
  transactionId: Uint8Array;
  attributes: readonly StunAttribute[];
}

/** A message that was read. */
export interface DecodedMessage extends StunMessage {
  /** Whether it has a MESSAGE-INTEGRITY, which {@link integrityHolds} checks. */
  signed: boolean;
}

/** How {@link encodeMessage} ends a message. */
export interface EncodeOptions {
  /** The HMAC key of MESSAGE-INTEGRITY; none without. */
  key?: Uint8Array;
  /** Whether a FINGERPRINT is added. */
  fingerprint?: boolean;
}

/** The method and class as the 14 bits of a message's type: the bits of the class stand between those of the method. */
function typeBits(method: number, kind: StunClass): number {
  const classBits = CLASSES.indexOf(kind);
  const spread = (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2);
  return spread | ((classBits & 1) << 4) | ((classBits & 2) << 7);
}

function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}

/** A length rounded up to a multiple of 4. */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** The message up to an attribute, with a length in its header as if it ended after that attribute (RFC 8489 §14.5, §14.7). */
function upTo(message: Uint8Array, end: number, valueBytes: number): Buffer {
  const bytes = Buffer.from(message.subarray(0, end));
  bytes.writeUInt16BE(end + 4 + valueBytes - HEADER_BYTES, 2);
  return bytes;
}

function integrity(message: Uint8Array, end: number, key: Uint8Array): Buffer {
  return createHmac('sha1', key)
    .update(upTo(message, end, INTEGRITY_BYTES))
    .digest();
}

function fingerprint(message: Uint8Array, end: number): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc32(upTo(message, end, 4)) ^ FINGERPRINT_XOR) >>> 0, 0);
  return value;
}

/**
 * Writes a message (RFC 8489 §5), with MESSAGE-INTEGRITY (§14.5, HMAC-SHA1) and FINGERPRINT (§14.7) at its end as asked.
 * @throws RangeError when the attributes are longer than a message can be, or the transaction id has not 12 bytes
 */
export function encodeMessage(message: StunMessage, options: EncodeOptions = {}): Buffer {
  if (message.transactionId.length !== TRANSACTION_ID_BYTES) {
    throw new RangeError('A transaction id has 12 bytes.');
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(typeBits(message.method, message.class), 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  header.set(message.transactionId, 8);
  let bytes = Buffer.concat([header, ...message.attributes.map(encodeAttribute)]);
  const append = (type: number, value: Buffer) => {
    bytes = Buffer.concat([bytes, encodeAttribute({ type, value })]);
  };
  if (options.key !== undefined) append(MESSAGE_INTEGRITY, integrity(bytes, bytes.length, options.key));
  if (options.fingerprint) append(FINGERPRINT, fingerprint(bytes, bytes.length));
  if (bytes.length - HEADER_BYTES > MAX_BODY_BYTES) throw new RangeError('The message is too long.');
  bytes.writeUInt16BE(bytes.length - HEADER_BYTES, 2);
  return bytes;
}

interface Placed extends StunAttribute {
  at: number;
}

/** The attributes in a message with where each begins, or undefined when one does not fit. */
function placedAttributes(bytes: Buffer): Placed[] | undefined {
  const placed: Placed[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    const next = at + 4 + padded(length);
    if (next > bytes.length) return undefined;
    placed.push({ at, type: bytes.readUInt16BE(at), value: bytes.subarray(at + 4, at + 4 + length) });
    at = next;
  }
  return placed;
}

/** The bytes of exactly one message, or undefined when the header says otherwise. */
function framed(input: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < HEADER_BYTES || bytes.length % 4 !== 0) return undefined;
  if ((bytes.readUInt8(0) & 0xc0) !== 0 || bytes.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  return bytes.readUInt16BE(2) === bytes.length - HEADER_BYTES ? bytes : undefined;
}

/**
 * Reads a message (RFC 8489 §5). What follows a MESSAGE-INTEGRITY is not protected by it and is left out (§14.5).
 * @returns undefined for bytes that are no STUN message, and for a message whose FINGERPRINT is wrong; never throws
 */
export function decodeMessage(input: Uint8Array): DecodedMessage | undefined {
  const bytes = framed(input);
  const placed = bytes && placedAttributes(bytes);
  if (bytes === undefined || placed === undefined) return undefined;
  const last = placed.at(-1);
  if (last?.type === FINGERPRINT && !fingerprint(bytes, last.at).equals(last.value)) return undefined;
  const type = bytes.readUInt16BE(0);
  const kind = CLASSES[((type >> 4) & 1) | ((type >> 7) & 2)];
  if (kind === undefined) return undefined;
  const end = placed.findIndex((attribute) => attribute.type === MESSAGE_INTEGRITY);
  return {
    method: (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2),
    class: kind,
    transactionId: bytes.subarray(8, HEADER_BYTES),
    attributes: placed
      .slice(0, end === -1 ? undefined : end)
      .filter((attribute) => attribute.type !== FINGERPRINT)
      .map(({ type: number, value }) => ({ type: number, value })),
    signed: end !== -1,
  };
}

/**
 * Whether the MESSAGE-INTEGRITY of a message was made with a key (RFC 8489 §14.5).
 * @returns false also for a message that has none, and for bytes that are no message; never throws
 */
export function integrityHolds(input: Uint8Array, key: Uint8Array): boolean {
  const bytes = framed(input);
  const signature =
    bytes && placedAttributes(bytes)?.find((attribute) => attribute.type === MESSAGE_INTEGRITY);
  if (bytes === undefined || signature?.value.length !== INTEGRITY_BYTES) return false;
  return timingSafeEqual(signature.value, integrity(bytes, signature.at, key));
}
