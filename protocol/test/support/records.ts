/** Arbitrary records (SPEC.md §8). */
import fc from 'fast-check';
import type { GroupDescriptor, KnownKind, Record } from '../../src/index.ts';
import { compareBytes, isKnownKind, MAX_FILE_BYTES, MAX_HEADS, MAX_MEMBERS } from '../../src/index.ts';

/** Exactly so many bytes. */
export const bytes = (n: number) =>
  fc.uint8Array({ minLength: n, maxLength: n }).map((array) => Uint8Array.from(array));
const time = fc.nat(Number.MAX_SAFE_INTEGER);
const counter = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const file = fc.record({ size: fc.integer({ min: 0, max: MAX_FILE_BYTES }), hash: bytes(32) });
const longText = fc.record({ size: fc.nat(1_048_576), hash: bytes(32) });

/** What says of a group who is in it. */
export const group: fc.Arbitrary<GroupDescriptor> = fc.record({
  nonce: bytes(16),
  members: fc
    .uniqueArray(bytes(32), { minLength: 2, maxLength: 32, comparator: (a, b) => compareBytes(a, b) === 0 })
    .map((list) => list.toSorted(compareBytes)),
  parent: fc.oneof(fc.constant(new Uint8Array()), bytes(32)),
});

const hash = bytes(32);
const reply = fc.record({ reply: hash }, { requiredKeys: [] });
const text = fc.string({ unit: 'grapheme', minLength: 1 });
const name = fc.string({ unit: 'grapheme', maxLength: 5 });
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 5 });
const members = (least: number) => fc.array(hash, { minLength: least, maxLength: MAX_MEMBERS });
/** A kind with its body, of one part or two. */
function saying(kind: KnownKind, body: fc.Arbitrary<object>, more: fc.Arbitrary<object> = fc.constant({})) {
  return fc.tuple(body, more).map((parts) => ({ kind, body: Object.assign({}, ...parts) as unknown }));
}

const said = fc.oneof(
  saying('text', fc.record({ text: fc.string({ unit: 'grapheme' }) }), reply),
  saying('text', fc.record({ file: longText }), reply),
  saying(
    'file',
    fc.record({
      file,
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      type: fc.string({ unit: 'grapheme-ascii', maxLength: 127 }),
    }),
    reply,
  ),
  saying('reaction', fc.record({ target: hash, emoji: fc.constantFrom('', '👍', '👨‍👩‍👧‍👦') })),
  saying('edit', fc.record({ target: hash, text })),
  saying('delete', fc.record({ target: fc.tuple(hash, bytes(8), counter, time) })),
  saying('hide', fc.record({ targets: list(fc.tuple(hash, hash, hash, bytes(8), counter, time)) })),
  saying('receipt', fc.record({ read: list(fc.tuple(hash, list(hash))) })),
  saying('rename', fc.record({ name })),
  saying('leave', fc.constant({})),
  saying('continue', fc.record({ group: hash })),
  saying(
    'call',
    fc.record({ secret: hash, members: members(2), camera: fc.boolean(), until: fc.nat(3_600_000) }),
  ),
  saying('hangup', fc.record({ room: hash, seconds: time, joined: members(0), declined: members(0) })),
  fc.record({
    kind: fc.stringMatching(/^[a-z0-9.-]{1,32}$/).filter((kind) => !isKnownKind(kind)),
    body: fc.oneof(
      fc.constant(null),
      fc.maxSafeInteger(),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.boolean()),
    ),
  }),
);

const place = fc.oneof(
  fc.record({ n: fc.constant(1), prev: fc.constant<Record['prev']>([]) }),
  fc.record({ n: fc.integer({ min: 2 }), prev: fc.tuple(bytes(32), time) as fc.Arbitrary<Record['prev']> }),
);

/** Any record that there can be, of all kinds that this version knows and of others. */
export const record: fc.Arbitrary<Record> = fc
  .record({
    common: fc.record({ id: bytes(16), at: time, conversation: bytes(32), writer: bytes(8) }),
    heads: fc.array(fc.tuple(time, bytes(8), counter, bytes(32), time), { maxLength: MAX_HEADS }),
    group: fc.option(group, { nil: undefined }),
    title: fc.option(fc.tuple(name, time), { nil: undefined }),
    place,
    said,
  })
  .map((parts) => ({
    ...parts.common,
    ...parts.place,
    ...parts.said,
    heads: parts.heads,
    ...(parts.group === undefined ? {} : { group: parts.group }),
    ...(parts.title === undefined ? {} : { title: parts.title }),
  }));
