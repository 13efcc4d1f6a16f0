import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTRIBUTE, errorCodeOf, textOf, xorAddressAttribute, xorAddressOf } from '../src/turn/attributes.ts';
import { longTermKey } from '../src/turn/client.ts';
import type { StunClass } from '../src/turn/stun-message.ts';
import { decodeMessage, encodeMessage, integrityHolds } from '../src/turn/stun-message.ts';

const hexBytes = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

const SHORT_TERM_KEY = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');
const ID = '2112a442 b7e7a701bc34d686fa87dfae';

/** RFC 5769 §2.1 to §2.3. */
const REQUEST = hexBytes(`
  00010058 ${ID} 80220010 5354554e207465737420636c69656e74 00240004 6e0001ff 80290008 932ff9b151263b36
  00060009 6576746a3a68367659202020 00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf`);
const RESPONSE_V4 = hexBytes(`
  0101003c ${ID} 8022000b 7465737420766563746f7220 00200008 0001a147e112a643
  00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96`);
const RESPONSE_V6 = hexBytes(`
  01010048 ${ID} 8022000b 7465737420766563746f7220 00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
  00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c`);
/** RFC 5769 §2.4. */
const LONG_TERM = hexBytes(`
  00010060 2112a442 78ad3433c6ad72c029da412e 00060012 e3839ee38388e383aae38383e382afe382b90000
  0015001c 662f2f3439396b39353464364f4c33346f4c394653547679363473 41
  0014000b 6578616d706c652e6f726700 00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666`);

test('the vectors of RFC 5769: messages, addresses, integrity by a short-term key', () => {
  const request = decodeMessage(REQUEST);
  expect(request).toMatchObject({ method: 1, class: 'request', signed: true });
  expect(request && textOf(request, ATTRIBUTE.username)).toBe('evtj:h6vY');
  for (const [bytes, address] of [
    [RESPONSE_V4, { ip: '192.0.2.1', port: 32_853 }],
    [RESPONSE_V6, { ip: '2001:db8:1234:5678:11:2233:4455:6677', port: 32_853 }],
  ] as const) {
    const response = decodeMessage(bytes);
    expect(response).toMatchObject({ method: 1, class: 'success' });
    expect(response && xorAddressOf(response, ATTRIBUTE.xorMappedAddress)).toEqual(address);
    if (response === undefined) continue;
    expect(xorAddressAttribute(ATTRIBUTE.xorMappedAddress, address, response.transactionId)).toEqual(
      response.attributes[1],
    );
  }
  for (const bytes of [REQUEST, RESPONSE_V4, RESPONSE_V6]) {
    expect(integrityHolds(bytes, SHORT_TERM_KEY)).toBe(true);
    expect(integrityHolds(bytes, Buffer.from('VOkJxbRl1RmTxUk/WvJxBu'))).toBe(false);
  }
});

test('the vector of RFC 5769 for long-term credentials, read and written', () => {
  const key = longTermKey('マトリックス', 'example.org', 'TheMatrIX');
  expect(integrityHolds(LONG_TERM, key)).toBe(true);
  expect(integrityHolds(LONG_TERM, longTermKey('マトリックス', 'example.com', 'TheMatrIX'))).toBe(false);
  const message = decodeMessage(LONG_TERM);
  expect(message?.attributes).toHaveLength(3);
  expect(message && encodeMessage(message, { key })).toEqual(LONG_TERM);
});

test('one bit changed before the fingerprint: not a message, or not what the key signed', () => {
  for (let bit = 0; bit < (RESPONSE_V4.length - 8) * 8; bit++) {
    const changed = Buffer.from(RESPONSE_V4);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(decodeMessage(changed) !== undefined && integrityHolds(changed, SHORT_TERM_KEY)).toBe(false);
  }
});

test('what follows the signature is left out', () => {
  const transactionId = randomBytes(12);
  const key = randomBytes(16);
  const signed = encodeMessage({ method: 3, class: 'success', transactionId, attributes: [] }, { key });
  const added = Buffer.concat([signed, hexBytes('000d0004 0000ffff')]);
  added.writeUInt16BE(added.length - 20, 2);
  expect(integrityHolds(added, key)).toBe(true);
  expect(decodeMessage(added)).toMatchObject({ signed: true, attributes: [] });
});

const messages = fc.record({
  method: fc.integer({ min: 0, max: 0xfff }),
  class: fc.constantFrom<StunClass>('request', 'indication', 'success', 'error'),
  transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  attributes: fc.array(
    fc.record({
      type: fc.integer({ min: 0, max: 0xffff }).filter((type) => type !== 0x0008 && type !== 0x8028),
      value: fc.uint8Array({ maxLength: 70 }),
    }),
    { maxLength: 6 },
  ),
});
const bytesOf = (array: Uint8Array) => [...array];

test('what is written is what is read', () => {
  fc.assert(
    fc.property(messages, fc.boolean(), fc.boolean(), (message, sign, fingerprint) => {
      const key = Buffer.from('a key');
      const bytes = encodeMessage(message, { fingerprint, ...(sign ? { key } : {}) });
      const read = decodeMessage(bytes);
      expect(read).toMatchObject({ method: message.method, class: message.class, signed: sign });
      expect(bytesOf(read?.transactionId ?? Buffer.of())).toEqual(bytesOf(message.transactionId));
      expect(read?.attributes.map(({ type, value }) => [type, bytesOf(value)])).toEqual(
        message.attributes.map(({ type, value }) => [type, bytesOf(value)]),
      );
      expect(integrityHolds(bytes, key)).toBe(sign);
    }),
  );
});

test('bytes of any kind are read or not, and never throw', () => {
  const damaged = fc
    .tuple(messages, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat(40))
    .map(([message, changes, cut]) => {
      const bytes = encodeMessage(message, { key: Buffer.of(1), fingerprint: false });
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes.subarray(0, bytes.length - cut);
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
      const message = decodeMessage(bytes);
      integrityHolds(bytes, Buffer.of(1));
      if (message === undefined) return;
      for (const type of Object.values(ATTRIBUTE)) xorAddressOf(message, type);
      errorCodeOf(message);
    }),
    { numRuns: 2_000 },
  );
});

test('too long, and an id of another length, are refused', () => {
  const message = { method: 1, class: 'request', transactionId: Buffer.alloc(12), attributes: [] } as const;
  expect(() => encodeMessage({ ...message, transactionId: Buffer.alloc(11) })).toThrow(RangeError);
  const attributes = [{ type: 1, value: Buffer.alloc(0xffff) }];
  expect(() => encodeMessage({ ...message, attributes })).toThrow(RangeError);
});
