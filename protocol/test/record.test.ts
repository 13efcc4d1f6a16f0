import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BodyRecord, CborValue } from '../src/index.ts';
import {
  checkConversation,
  compareBytes,
  decodeRecord,
  directConversationId,
  encodeCbor,
  encodeRecord,
  equalBytes,
  fitsOneBlob,
  groupConversationId,
  leaveSuccessor,
  MAX_FILE_BYTES,
  MAX_GROUP_NAME_BYTES,
  MAX_HEADS,
  MAX_INLINE_TEXT_BYTES,
  MAX_MEMBERS,
  MAX_RECORD_AGE_HOURS,
  messagePrivate,
  RECORD_BODIES,
  randomBytes,
  recordHash,
  sentLogPrivate,
  titleOf,
  utf8,
} from '../src/index.ts';
import { codeOf, codeOfCall } from './support/members.ts';
import { bytes, group, record } from './support/records.ts';

describe('a record', () => {
  test('decodes to what was encoded', async () => {
    await fc.assert(
      fc.asyncProperty(record, async (written) => {
        const content = encodeRecord(written);
        const read = decodeRecord(content);
        expect(encodeRecord(read)).toEqual(content);
        expect(Object.keys(read).toSorted()).toEqual(Object.keys(written).toSorted());
        expect(await recordHash(encodeRecord(read))).toEqual(await recordHash(content));
      }),
      { numRuns: 200 },
    );
  });

  test('with a key missing, or one too many, is refused', () => {
    fc.assert(
      fc.property(record, fc.nat(20), (written, pick) => {
        const keys = Object.keys(written).filter((key) => !['group', 'title'].includes(key));
        const without = { ...written } as { [key: string]: unknown };
        delete without[keys[pick % keys.length] as string];
        const more = { ...written, extra: null };
        for (const wrong of [without, more])
          expect(codeOfCall(() => decodeRecord(encodeCbor(wrong as unknown as CborValue)))).toBe(
            'record_invalid',
          );
      }),
    );
  });

  test('names no file larger than one can be', () => {
    const named = (size: number) =>
      RECORD_BODIES.file.safeParse({ name: 'a', type: '', file: { size, hash: randomBytes(32) } });
    expect(named(MAX_FILE_BYTES).success).toBe(true);
    expect(named(MAX_FILE_BYTES + 1).success).toBe(false);
  });

  test('counts a text in bytes of UTF-8, up to the limit', () => {
    const text = (length: number) => RECORD_BODIES.text.safeParse({ text: 'é'.repeat(length) }).success;
    expect(text(MAX_INLINE_TEXT_BYTES / 2)).toBe(true);
    expect(text(MAX_INLINE_TEXT_BYTES / 2 + 1)).toBe(false);
    expect(utf8('é').length).toBe(2);
  });

  test('of the greatest length fits a blob, on its way and in the sent log', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const to = { member: randomBytes(32), blob: randomBytes(16), file: randomBytes(32) };
    const content = encodeRecord({
      id: randomBytes(16),
      at: most,
      conversation: randomBytes(32),
      group: {
        nonce: randomBytes(16),
        members: Array.from({ length: MAX_MEMBERS }, () => randomBytes(32)),
        parent: randomBytes(32),
      },
      title: ['x'.repeat(MAX_GROUP_NAME_BYTES), most],
      writer: randomBytes(8),
      n: most,
      prev: [randomBytes(32), most],
      heads: Array.from({ length: MAX_HEADS }, () => [31, randomBytes(8), most, randomBytes(32), most]),
      kind: 'text',
      body: { text: 'x'.repeat(MAX_INLINE_TEXT_BYTES), reply: randomBytes(32) },
    });
    const roster = { serial: most, hash: randomBytes(32) };
    const fits = (part: BodyRecord['private']) =>
      fitsOneBlob({ roster, records: [{ content, private: part }] });
    expect(fits({ file: randomBytes(32) })).toBe(true);
    expect(fits({ to: Array.from({ length: MAX_MEMBERS - 1 }, () => to) })).toBe(true);
  });

  test('tells the name of its group, given no later than the record was written', () => {
    expect(titleOf({ at: 10 })).toBeUndefined();
    expect(titleOf({ at: 10, title: ['Bootshaus', 7] })).toEqual({ name: 'Bootshaus', at: 7 });
    expect(titleOf({ at: 10, title: ['Bootshaus', Number.MAX_SAFE_INTEGER] })).toEqual({
      name: 'Bootshaus',
      at: 10,
    });
  });

  test('may be 133 hours old: a blob’s life, a day in an outbox, an hour of error', () => {
    expect(MAX_RECORD_AGE_HOURS).toBe(133);
  });

  test('has private parts of a known shape', () => {
    expect(messagePrivate.safeParse({}).success).toBe(true);
    expect(messagePrivate.safeParse({ file: randomBytes(32), more: 1 }).success).toBe(true);
    expect(messagePrivate.safeParse({ file: randomBytes(31) }).success).toBe(false);
    const to = { member: randomBytes(32), blob: randomBytes(16) };
    expect(sentLogPrivate.safeParse({ to: [to, { ...to, file: randomBytes(32) }] }).success).toBe(true);
    expect(sentLogPrivate.safeParse({ to: [] }).success).toBe(false);
    expect(sentLogPrivate.safeParse({ to: [{ ...to, more: 1 }] }).success).toBe(false);
  });
});

describe('a conversation', () => {
  test('between two has one id, seen from either side, and another one from every other', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(32), bytes(32), bytes(32), async (circle, a, b) => {
        fc.pre(compareBytes(a, b) !== 0);
        const id = await directConversationId(circle, a, b);
        expect(await directConversationId(circle, b, a)).toEqual(id);
        const [lower, higher] = [a, b].toSorted(compareBytes);
        expect(await checkConversation(circle, { conversation: id, kind: 'text' }, b, [a])).toEqual([
          lower,
          higher,
        ]);
        expect(await directConversationId(circle, a, a)).not.toEqual(id);
        expect(await codeOf(checkConversation(circle, { conversation: id, kind: 'text' }, a, [a]))).toBe(
          'record_invalid',
        );
      }),
    );
  });

  test('of a group admits its members alone, and its id binds all of the descriptor', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(32), group, bytes(32), async (circle, descriptor, stranger) => {
        const conversation = await groupConversationId(circle, descriptor);
        const [author, ...others] = descriptor.members as [Uint8Array<ArrayBuffer>];
        const claim = { conversation, group: descriptor, kind: 'text' };
        expect(await checkConversation(circle, claim, author, others)).toEqual(descriptor.members);
        expect(await codeOf(checkConversation(circle, claim, stranger, others))).toBe('record_invalid');
        expect(await codeOf(checkConversation(circle, claim, author, [stranger]))).toBe('record_invalid');
        const titled = { ...claim, title: ['x', 1] };
        expect(await checkConversation(circle, titled, author, others)).toEqual(descriptor.members);
        const changed = { ...descriptor, members: [...descriptor.members, stranger].toSorted(compareBytes) };
        expect(await codeOf(checkConversation(circle, { ...claim, group: changed }, author, []))).toBe(
          'record_invalid',
        );
      }),
      { numRuns: 50 },
    );
  });

  test('that a member leaves goes on without it, in a group that binds who left which', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(32), group, fc.nat(), async (circle, descriptor, pick) => {
        const id = await groupConversationId(circle, descriptor);
        const { members } = descriptor;
        const leaver = members[pick % members.length] as Uint8Array;
        const next = await leaveSuccessor(descriptor, id, leaver);
        expect(next === undefined).toBe(members.length === 2);
        if (next === undefined) return;
        expect(next.members).toEqual(members.filter((member) => !equalBytes(member, leaver)));
        expect(next.parent).toEqual(id);
        const [author, ...others] = next.members as [Uint8Array];
        const claim = { conversation: await groupConversationId(circle, next), group: next, kind: 'text' };
        expect(await checkConversation(circle, claim, author, others)).toEqual(next.members);
        expect(await codeOf(checkConversation(circle, claim, leaver, others))).toBe('record_invalid');
        const other = members[(pick + 1) % members.length] as Uint8Array;
        expect((await leaveSuccessor(descriptor, id, other))?.nonce).not.toEqual(next.nonce);
        expect((await leaveSuccessor(descriptor, randomBytes(32), leaver))?.nonce).not.toEqual(next.nonce);
      }),
      { numRuns: 50 },
    );
  });
});
