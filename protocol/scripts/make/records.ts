/** Vectors of records (SPEC.md §8); those of their bodies are in kinds.ts. */
import type { CborValue, Identity, Record } from '../../src/index.ts';
import {
  b64,
  compareBytes,
  concat,
  decodeRecord,
  directConversationId,
  encodeCbor,
  encodeRecord,
  recordHash,
} from '../../src/index.ts';
import { toJson } from '../../test/vectors/input.ts';
import type { Circles } from './circle.ts';
import { identityOf, longerForm } from './circle.ts';
import { VectorDraft } from './file.ts';

const AT = 1_800_000_000_000;
const fill = (n: number, value: number) => new Uint8Array(n).fill(value);

/** A first record from one member to another. */
export async function directRecord(
  from: Identity,
  to: Identity,
  kind: string,
  body: unknown,
): Promise<Record> {
  const conversation = await directConversationId(from.roster.circleId, from.keys.keyHash, to.keys.keyHash);
  const writer = fill(8, 2);
  return { id: fill(16, 1), at: AT, conversation, writer, n: 1, prev: [], heads: [], kind, body };
}

/** Records. */
export async function recordVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §8');
  const [ada, bo] = [await identityOf(circle, 0), await identityOf(circle, 1)];
  const first = await directRecord(ada, bo, 'text', { text: 'Hello 👋' });
  const valid = async (name: string, changes: Partial<Record>) => {
    const content = encodeRecord({ ...first, ...changes });
    const expected = { record: toJson(decodeRecord(content)), hash: b64(await recordHash(content)) };
    draft.valid(name, 'decodeRecord', { content: b64(content) }, expected);
  };
  const file = { size: 70_000, hash: fill(32, 3) };
  const members = [ada.keys.keyHash, bo.keys.keyHash].toSorted(compareBytes);
  await valid('first text', {});
  await valid('second text', { n: 2, prev: [await recordHash(encodeRecord(first)), AT] });
  await valid('with heads', {
    heads: [
      [1, fill(8, 9), 3, fill(32, 8), AT],
      [0, fill(8, 7), 1, fill(32, 6), 0],
    ],
  });
  await valid('empty text', { body: { text: '' } });
  await valid('long text', { body: { file: { ...file, size: 1_048_576 } } });
  await valid('file', { kind: 'file', body: { file, name: 'Ferienbild.jpg', type: 'image/jpeg' } });
  await valid('empty file', { kind: 'file', body: { file: { ...file, size: 0 }, name: 'x', type: '' } });
  await valid('in a group', { group: { nonce: fill(16, 4), members, parent: new Uint8Array() } });
  const grouped = { group: { nonce: fill(16, 4), members, parent: new Uint8Array() } };
  await valid('in a group with a name', { ...grouped, title: ['Bootshaus 🛶', AT - 1] });
  await valid('in a group whose name was taken away', { ...grouped, title: ['', 0] });
  await valid('in a group with the longest name', { ...grouped, title: ['é'.repeat(50), AT] });
  await valid('unknown kind', { kind: 'x.poll', body: { options: ['a', 'b'], secret: true, none: null } });
  await valid('keys that JavaScript knows', {
    kind: 'x.odd',
    body: { constructor: 1, toString: [fill(1, 1)] },
  });

  const plain = encodeRecord(first);
  const raw = (name: string, content: Uint8Array) =>
    draft.fails(name, 'decodeRecord', { content: b64(content) }, 'record_invalid');
  const wrong = (name: string, changes: object) =>
    raw(name, encodeCbor({ ...(first as object), ...changes } as unknown as CborValue));
  raw('not in deterministic CBOR', longerForm(plain));
  raw('empty', new Uint8Array());
  raw('cut', plain.slice(0, -1));
  raw('a byte behind', concat(plain, Uint8Array.of(0)));
  raw('a floating-point number', floatAt(plain));
  wrong('unknown key', { more: 1 });
  wrong('short id', { id: fill(15, 1) });
  wrong('negative time', { at: -1 });
  wrong('short conversation', { conversation: fill(31, 1) });
  wrong('n of 0', { n: 0 });
  wrong('first with a predecessor', { prev: [fill(32, 1), AT] });
  wrong('second without a predecessor', { n: 2 });
  wrong('predecessor without a time', { n: 2, prev: [fill(32, 1)] });
  wrong('65 heads', { heads: Array.from({ length: 65 }, () => [0, fill(8, 1), 1, fill(32, 1), AT]) });
  wrong('head with a short hash', { heads: [[0, fill(8, 1), 1, fill(31, 1), AT]] });
  wrong('empty kind', { kind: '' });
  wrong('kind in capitals', { kind: 'Text' });
  wrong('kind of 33 characters', { kind: 'x'.repeat(33) });
  wrong('text that is a number', { body: { text: 1 } });
  wrong('text too long', { body: { text: 'é'.repeat(30_001) } });
  wrong('text and file', { body: { text: '', file } });
  wrong('long text past 1 MiB', { body: { file: { ...file, size: 1_048_577 } } });
  wrong('file without a name', { kind: 'file', body: { file, name: '', type: '' } });
  wrong('name of 256 bytes', { kind: 'file', body: { file, name: 'x'.repeat(256), type: '' } });
  wrong('type of 128 bytes', { kind: 'file', body: { file, name: 'x', type: 'x'.repeat(128) } });
  wrong('group not sorted', {
    group: { nonce: fill(16, 4), members: members.toReversed(), parent: fill(0, 0) },
  });
  wrong('group of one', { group: { nonce: fill(16, 4), members: members.slice(1), parent: fill(0, 0) } });
  wrong('group with a short parent', { group: { nonce: fill(16, 4), members, parent: fill(31, 1) } });
  const title = (name: string, value: unknown) => wrong(name, { ...grouped, title: value });
  title('name of 101 bytes', [`x${'é'.repeat(50)}`, AT]);
  title('name without a time', ['Bootshaus']);
  title('name with a negative time', ['Bootshaus', -1]);
  title('name with more than a time', ['Bootshaus', AT, AT]);
  title('name in two lines', ['Boots\nhaus', AT]);
  title('name that turns the line around', ['Boots\u202ehaus', AT]);
  title('name that is bytes', [fill(3, 65), AT]);
  const { id: _, ...withoutId } = first;
  raw('without an id', encodeCbor(withoutId as unknown as CborValue));

  const hour = 3_600_000;
  const time = (name: string, age: number, code?: string) => {
    const input = { at: AT - age, now: AT };
    if (code === undefined) draft.valid(name, 'checkRecordTime', input, true);
    else draft.fails(name, 'checkRecordTime', input, code);
  };
  time('133 h old', 133 * hour);
  time('older', 133 * hour + 1, 'record_time');
  time('1 h in the future', -hour);
  time('further in the future', -hour - 1, 'record_time');
  return draft;
}

/** The record with the last integer of its encoding, `n` = 1, as a half-precision float. */
function floatAt(record: Uint8Array): Uint8Array {
  const at = record.findIndex((byte, i) => byte === 0x61 && record[i + 1] === 0x6e && record[i + 2] === 1);
  return concat(record.subarray(0, at + 2), Uint8Array.of(0xf9, 0x3c, 0x00), record.subarray(at + 3));
}
