import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressText, ipBytes, ipText } from '../src/turn/addresses.ts';
import { decodeChannelData, encodeChannelData, StreamFrames } from '../src/turn/framing.ts';
import { encodeMessage } from '../src/turn/stun-message.ts';

const channelData = fc.record({
  channel: fc.integer({ min: 0x4000, max: 0x4fff }),
  data: fc.uint8Array({ maxLength: 40 }),
});
const frame = fc.oneof(
  channelData.map(encodeChannelData),
  fc.uint8Array({ maxLength: 30 }).map((value) =>
    encodeMessage(
      {
        method: 7,
        class: 'indication',
        transactionId: Buffer.alloc(12),
        attributes: [{ type: 19, value }],
      },
      { fingerprint: true },
    ),
  ),
);

test('ChannelData: what is written is what is read, padding apart', () => {
  fc.assert(
    fc.property(channelData, ({ channel, data }) => {
      const bytes = encodeChannelData({ channel, data });
      expect(bytes.length % 4).toBe(0);
      const read = decodeChannelData(bytes);
      expect(read?.channel).toBe(channel);
      expect([...(read?.data ?? [])]).toEqual([...data]);
      // Over UDP a server need not pad (RFC 8656 §12.5).
      expect([...(decodeChannelData(bytes.subarray(0, 4 + data.length))?.data ?? [])]).toEqual([...data]);
      if (data.length > 0) expect(decodeChannelData(bytes.subarray(0, 3 + data.length))).toBeUndefined();
    }),
  );
});

test('a stream cut anywhere gives the same frames', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (sent, cuts) => {
        const stream = Buffer.concat(sent);
        const frames = new StreamFrames();
        const got: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const length = cuts[turn % cuts.length] ?? 1;
          const cut = frames.push(stream.subarray(at, at + length));
          expect(cut.broken).toBe(false);
          got.push(...cut.frames);
          at += length;
        }
        expect(got.map(String)).toEqual(sent.map(String));
      },
    ),
  );
});

test('a stream of anything else is called broken at once, and never throws', () => {
  for (const text of ['\x15\x03\x03\0\x02\x02\x0a\0', 'SSH-2.0-OpenSSH']) {
    expect(new StreamFrames().push(Buffer.from(text))).toEqual({ frames: [], broken: true });
  }
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }), (chunks) => {
      const frames = new StreamFrames();
      for (const chunk of chunks) frames.push(chunk);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['192.0.2.1', 'c0000201', '192.0.2.1'],
  ['::', '0'.repeat(32), '::'],
  ['::1', `${'0'.repeat(30)}01`, '::1'],
  ['::ffff:127.0.0.1', `${'0'.repeat(20)}ffff7f000001`, '::ffff:7f00:1'],
  ['2001:DB8::8:0:0', '20010db8000000000000000800000000', '2001:db8::8:0:0'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008', '1:2:3:4:5:6:7:8'],
])('%s as bytes and as text again', (text, bytes, canonical) => {
  expect(ipBytes(text).toString('hex')).toBe(bytes);
  expect(ipText(ipBytes(text))).toBe(canonical);
});

test('what is no address is refused', () => {
  for (const text of ['', 'localhost', '10.0.0', '10.0.0.256', '::1%lo', '[::1]', '1:2'])
    expect(() => ipBytes(text)).toThrow(RangeError);
  expect(() => ipText(Buffer.alloc(5))).toThrow(RangeError);
  expect(addressText({ ip: '::1', port: 1 })).toBe('[::1]:1');
});

test('addresses of any bytes round trip', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc
      .array(fc.constantFrom(0, 1, 255), { minLength: 16, maxLength: 16 })
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (ip) => {
      expect([...ipBytes(ipText(ip))]).toEqual([...ip]);
    }),
  );
});
