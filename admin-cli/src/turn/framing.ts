import { HEADER_BYTES, MAGIC_COOKIE, padded } from './stun-message.ts';

/** The least and the greatest number of a channel (RFC 8656 §12). */
export const CHANNELS = { first: 0x4000, last: 0x4fff } as const;

const CHANNEL_HEADER_BYTES = 4;

/** What a peer sent over a channel. */
export interface ChannelData {
  channel: number;
  data: Uint8Array;
}

function isChannel(number: number): boolean {
  return number >= CHANNELS.first && number <= CHANNELS.last;
}

/** ChannelData (RFC 8656 §12.4), padded to a multiple of 4 as streams need it (§12.5). */
export function encodeChannelData({ channel, data }: ChannelData): Buffer {
  const bytes = Buffer.alloc(CHANNEL_HEADER_BYTES + padded(data.length));
  bytes.writeUInt16BE(channel, 0);
  bytes.writeUInt16BE(data.length, 2);
  bytes.set(data, CHANNEL_HEADER_BYTES);
  return bytes;
}

/**
 * Reads ChannelData.
 * @returns undefined for bytes that are none, or fewer than their header says; never throws
 */
export function decodeChannelData(input: Uint8Array): ChannelData | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < CHANNEL_HEADER_BYTES) return undefined;
  const channel = bytes.readUInt16BE(0);
  const end = CHANNEL_HEADER_BYTES + bytes.readUInt16BE(2);
  if (!isChannel(channel) || end > bytes.length) return undefined;
  return { channel, data: bytes.subarray(CHANNEL_HEADER_BYTES, end) };
}

/** How long the frame is that begins with these bytes; undefined when they are too few to say, 0 when they begin none. */
function frameBytes(bytes: Buffer): number | undefined {
  if (bytes.length < CHANNEL_HEADER_BYTES) return undefined;
  const head = bytes.readUInt16BE(0);
  const length = bytes.readUInt16BE(2);
  if (isChannel(head)) return CHANNEL_HEADER_BYTES + padded(length);
  if (head > 0x3fff || length % 4 !== 0) return 0;
  if (bytes.length < 8) return undefined;
  return bytes.readUInt32BE(4) === MAGIC_COOKIE ? HEADER_BYTES + length : 0;
}

/**
 * Cuts what a stream brings into messages and ChannelData (RFC 8489 §6.2.2, RFC 8656 §12.5). Holds at most one frame,
 * 65,555 bytes, besides what is pushed.
 */
export class StreamFrames {
  #rest = Buffer.alloc(0);

  /**
   * Takes what came in.
   * @returns the frames that are whole now, and whether the stream went wrong, after which nothing of it can be read
   */
  push(chunk: Uint8Array): { frames: Buffer[]; broken: boolean } {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    for (;;) {
      const length = frameBytes(bytes.subarray(at));
      if (length === 0) {
        this.#rest = Buffer.alloc(0);
        return { frames, broken: true };
      }
      if (length === undefined || at + length > bytes.length) break;
      frames.push(bytes.subarray(at, at + length));
      at += length;
    }
    this.#rest = bytes.subarray(at);
    return { frames, broken: false };
  }
}
