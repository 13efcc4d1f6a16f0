/** What a TURN server, or whoever answers in its place, sends to our client, for as long as `make fuzz` says. coturn itself is others' work. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzz } from '../../protocol/test/support/fuzz.ts';
import { ATTRIBUTE, errorCodeOf, numberOf, textOf, xorAddressOf } from '../src/turn/attributes.ts';
import { decodeChannelData, StreamFrames } from '../src/turn/framing.ts';
import type { StunClass } from '../src/turn/stun-message.ts';
import { decodeMessage, encodeMessage, integrityHolds } from '../src/turn/stun-message.ts';
import { bentBytes } from './support/fuzz-inputs.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const KEY = Buffer.from('a key');
/** No frame of a stream is longer. */
const FRAME = 65_555;

const messages = fc
  .record({
    method: fc.integer({ min: 0, max: 0xfff }),
    class: fc.constantFrom<StunClass>('request', 'indication', 'success', 'error'),
    transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }),
    attributes: fc.array(
      fc.record({
        type: fc.oneof(fc.constantFrom(...Object.values(ATTRIBUTE)), fc.nat({ max: 0xffff })),
        value: fc.uint8Array({ maxLength: 30 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map((message) => encodeMessage(message, { key: KEY, fingerprint: true }));
const bytes = fc.oneof(fc.uint8Array({ maxLength: 2_000 }), messages, messages.chain(bentBytes));

test('datagrams are read, or are none', TIMEOUT, async () => {
  await fuzz('datagrams', bytes, (datagram) => {
    decodeChannelData(datagram);
    const message = decodeMessage(datagram);
    if (message === undefined) return;
    integrityHolds(datagram, KEY);
    errorCodeOf(message);
    for (const type of Object.values(ATTRIBUTE)) {
      textOf(message, type);
      numberOf(message, type);
      xorAddressOf(message, type);
    }
  });
});

test('streams are cut into frames, or are broken, and no more than a frame waits', TIMEOUT, async () => {
  await fuzz('streams', fc.array(bytes, { maxLength: 30 }), (pieces) => {
    const frames = new StreamFrames();
    let waiting = 0;
    for (const piece of pieces) {
      const { frames: whole, broken } = frames.push(piece);
      if (broken) return;
      waiting += piece.length - whole.reduce((sum, frame) => sum + frame.length, 0);
      expect(waiting).toBeGreaterThanOrEqual(0);
      expect(waiting).toBeLessThan(FRAME);
    }
  });
});
