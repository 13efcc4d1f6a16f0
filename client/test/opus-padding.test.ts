import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { padOpus } from '../src/media/padding/opus.ts';
import { encodedRate, paddedSize } from '../src/media/padding/padding.ts';

const LONGEST_FRAME = 1_275;

/** A frame's length as RFC 6716 §3.2.1 writes it. */
function lengthBytes(length: number): number[] {
  if (length < 252) return [length];
  const low = 252 + (length & 3);
  return [low, (length - low) / 4];
}

/** Reads packets by the letter of RFC 6716 §3.2, all codes. */
function framesOf(packet: Uint8Array): { config: number; frames: number[][] } {
  const bytes = [...packet];
  const toc = bytes.shift() as number;
  const take = (count: number) => {
    if (count < 0 || count > bytes.length) throw new Error('no such packet');
    return bytes.splice(0, count);
  };
  const length = () => {
    const [first] = take(1) as [number];
    return first < 252 ? first : first + 4 * (take(1)[0] as number);
  };
  const halves = (list: number[], count: number) => {
    if (list.length % count !== 0) throw new Error('frames of no equal length');
    const each = list.length / count;
    return Array.from({ length: count }, (_, i) => list.slice(i * each, (i + 1) * each));
  };
  const config = toc >> 2;
  switch (toc & 3) {
    case 0:
      return { config, frames: [bytes] };
    case 1:
      return { config, frames: halves(bytes, 2) };
    case 2: {
      const first = length();
      return { config, frames: [take(first), bytes] };
    }
  }
  const [count] = take(1) as [number];
  let padding = 0;
  if (count & 0x40) {
    let byte: number;
    do {
      [byte] = take(1) as [number];
      padding += byte === 255 ? 254 : byte;
    } while (byte === 255);
  }
  const m = count & 0x3f;
  if (m === 0 || padding > bytes.length) throw new Error('no such packet');
  if (bytes.splice(bytes.length - padding).some((byte) => byte !== 0))
    throw new Error('padding that says something');
  if (!(count & 0x80)) return { config, frames: halves(bytes, m) };
  const lengths = Array.from({ length: m - 1 }, length);
  return { config, frames: [...lengths.map(take), bytes] };
}

const frame = (most = 120) => fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: most });
const config = fc.integer({ min: 0, max: 63 });

/** Packets of every code, with what is in them. */
const packets = fc.oneof(
  fc.tuple(config, frame(LONGEST_FRAME)).map(([c, a]) => Uint8Array.of(c << 2, ...a)),
  fc.tuple(config, frame()).map(([c, a]) => Uint8Array.of((c << 2) | 1, ...a, ...a.toReversed())),
  fc
    .tuple(config, frame(600), frame(600))
    .map(([c, a, b]) => Uint8Array.of((c << 2) | 2, ...lengthBytes(a.length), ...a, ...b)),
  fc
    .tuple(
      config,
      fc.array(frame(300), { minLength: 1, maxLength: 6 }),
      fc.option(fc.integer({ min: 1, max: 600 })),
    )
    .map(([c, frames, extra]) => {
      const lengths = frames.slice(0, -1).flatMap(({ length }) => lengthBytes(length));
      const long = extra === null ? 0 : Math.floor((extra - 1) / 255);
      const before = extra === null ? [] : [...Array<number>(long).fill(255), extra - 1 - 255 * long];
      const after = Array<number>(extra === null ? 0 : extra - 1 - long).fill(0);
      const count = frames.length | 0x80 | (extra === null ? 0 : 0x40);
      return Uint8Array.of((c << 2) | 3, count, ...before, ...lengths, ...frames.flat(), ...after);
    }),
);

describe('padding of Opus packets', () => {
  it('leaves the frames as they are, in a packet of just that size', () => {
    let twoByteLengths = 0;
    fc.assert(
      fc.property(packets, fc.integer({ min: 0, max: 1_200 }), (packet, more) => {
        const padded = padOpus(packet, packet.length + 1 + more);
        expect(padded?.length).toBe(packet.length + 1 + more);
        const { config: told, frames } = framesOf(packet);
        expect(framesOf(padded as Uint8Array)).toEqual({ config: told, frames });
        const isTold = ((packet[0] as number) & 3) >= 2;
        if (isTold && frames.slice(0, -1).some(({ length }) => length >= 252)) twoByteLengths++;
      }),
      { numRuns: 500 },
    );
    expect(twoByteLengths).toBeGreaterThan(0);
  });

  it('reaches every size from one byte more on', () => {
    const packet = Uint8Array.of(27 << 3, 1, 2, 3);
    for (let size = 5; size < 1_300; size++) {
      const padded = padOpus(packet, size) as Uint8Array;
      expect(padded.length).toBe(size);
      expect(framesOf(padded).frames).toEqual([[1, 2, 3]]);
    }
  });

  it('takes none that is too long, and makes none shorter than it is', () => {
    const packet = Uint8Array.of(27 << 3, 1, 2, 3);
    expect(padOpus(packet, 4)).toBeUndefined();
    expect(padOpus(packet, 0)).toBeUndefined();
    // Of code 3 already: as long as it is.
    const counted = padOpus(packet, 5) as Uint8Array;
    expect(padOpus(counted, 5)).toEqual(counted);
    expect(framesOf(padOpus(padOpus(packet, 700) as Uint8Array, 5) as Uint8Array).frames).toEqual([
      [1, 2, 3],
    ]);
  });

  it('takes nothing that is no packet, whatever it is', () => {
    expect(padOpus(new Uint8Array(), 120)).toBeUndefined();
    // No frames; padding that is longer than the packet; a length of padding that never ends.
    expect(padOpus(Uint8Array.of(3, 0, 1), 120)).toBeUndefined();
    expect(padOpus(Uint8Array.of(3, 0x41, 9, 1), 120)).toBeUndefined();
    expect(padOpus(Uint8Array.of(3, 0x41, 255, 255), 120)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 0, max: 500 }), (bytes, size) => {
        const padded = padOpus(bytes, size);
        expect(padded === undefined || padded.length === size).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has room for what an encoder makes at its rate', () => {
    // 32 and 20 kbit/s of voice, 64 of a screen's sound: the largest of thousands of frames of speech and noise had 119, 89 and 193 bytes.
    expect([32_000, 20_000, 64_000].map((rate) => [encodedRate(rate), paddedSize(rate)])).toEqual([
      [24_000, 136],
      [15_000, 91],
      [48_000, 256],
    ]);
  });
});
