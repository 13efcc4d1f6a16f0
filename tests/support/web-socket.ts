/** Frames of WebSocket (RFC 6455 §5.2), as whoever stands between two ends reads and writes them. */

const LONG = 127;
const MEDIUM = 126;

/** Operation codes of the frames that matter here. */
export const OPCODE = { text: 1, binary: 2 } as const;

/** One frame. */
export interface Frame {
  opcode: number;
  /** Without the mask. */
  payload: Buffer;
  /** As it was on the wire. */
  raw: Buffer;
}

/** Takes frames from a stream of bytes that comes in pieces. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Adds a piece. @returns the frames that are complete with it */
  push(piece: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, piece]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const bytes = this.#rest;
    if (bytes.length < 2) return undefined;
    const short = bytes.readUInt8(1) & LONG;
    const maskAt = 2 + (short === LONG ? 8 : short === MEDIUM ? 2 : 0);
    if (bytes.length < maskAt) return undefined;
    const length =
      short === LONG ? Number(bytes.readBigUInt64BE(2)) : short === MEDIUM ? bytes.readUInt16BE(2) : short;
    const isMasked = bytes.readUInt8(1) > LONG;
    const start = maskAt + (isMasked ? 4 : 0);
    if (bytes.length < start + length) return undefined;
    this.#rest = bytes.subarray(start + length);
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (isMasked) unmask(payload, bytes.subarray(maskAt, start));
    return { opcode: bytes.readUInt8(0) & 15, payload, raw: bytes.subarray(0, start + length) };
  }
}

/** A whole message from a server, in one frame; at most 65,535 bytes. */
export function serverFrame(opcode: number, payload: Buffer): Buffer {
  // The shortest form of a length is the only one that is allowed.
  const head = Buffer.alloc(payload.length < MEDIUM ? 2 : 4);
  head.writeUInt8(128 + opcode, 0);
  head.writeUInt8(Math.min(payload.length, MEDIUM), 1);
  if (head.length > 2) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
}
