import { decodeRecord, fromHex, groupConversationId, hex, MAX_HEADS, recordHash } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../src/crypto/opened.ts';
import type { TimelineRecord } from '../src/state/history/timeline.ts';
import { Timeline } from '../src/state/history/timeline.ts';
import { Writer } from '../src/state/history/writer.ts';
import { NOW } from './support/records.ts';

const bytesOf = (fill: number, length = 32) => hex(new Uint8Array(length).fill(fill));
const [ALICE, BOB] = [bytesOf(1), bytesOf(2)];
const CONVERSATION = bytesOf(9);

async function write(
  writer: Writer,
  timeline: Timeline<TimelineRecord>,
  { at = NOW, author = ALICE, isTaken = true } = {},
) {
  const content = writer.compose({ kind: 'text', body: { text: 'x' }, at }, timeline);
  const record = decodeRecord(content);
  const hash = hex(await recordHash(content));
  const entry = { hash, id: hex(record.id), author, writer: writer.id, n: record.n, at, references: [] };
  if (isTaken) {
    writer.written(entry);
    timeline.add(entry);
  }
  return { record, entry };
}

describe('a writer', () => {
  it('counts from 1 and names its own record before', async () => {
    const timeline = new Timeline<TimelineRecord>();
    const writer = new Writer(CONVERSATION, [ALICE, BOB]);
    const one = await write(writer, timeline);
    const two = await write(writer, timeline, { at: NOW + 1 });
    const three = await write(writer, timeline, { at: NOW + 2 });
    expect([one, two, three].map(({ record }) => record.n)).toEqual([1, 2, 3]);
    expect(one.record.prev).toEqual([]);
    expect(two.record.prev.map((part) => (typeof part === 'number' ? part : hex(part)))).toEqual([
      one.entry.hash,
      NOW,
    ]);
    expect(three.record.prev[1]).toBe(NOW + 1);
    expect(three.record.heads).toEqual([]);
    expect(new Set([one, two, three].map(({ entry }) => entry.id)).size).toBe(3);
    expect(hex(one.record.conversation)).toBe(CONVERSATION);
  });

  it('does not move on with a record that was composed but not written', async () => {
    const timeline = new Timeline<TimelineRecord>();
    const writer = new Writer(CONVERSATION, [ALICE, BOB]);
    await write(writer, timeline, { isTaken: false });
    const { record } = await write(writer, timeline);
    expect([record.n, record.prev]).toEqual([1, []]);
  });

  it('names the heads of all other writers, with the index of their author', async () => {
    const timeline = new Timeline<TimelineRecord>();
    const bobs = await write(new Writer(CONVERSATION, [ALICE, BOB]), timeline, { author: BOB });
    const otherPage = await write(new Writer(CONVERSATION, [ALICE, BOB]), timeline, { at: NOW + 1 });
    const { record } = await write(new Writer(CONVERSATION, [ALICE, BOB]), timeline);
    const named = record.heads.map(([author, writer, n, hash, at]) => [
      author,
      hex(writer),
      n,
      hex(hash),
      at,
    ]);
    expect(named).toEqual([
      [1, bobs.entry.writer, 1, bobs.entry.hash, NOW],
      [0, otherPage.entry.writer, 1, otherPage.entry.hash, NOW + 1],
    ]);
  });

  it('names the latest ones where there are more than a record can name', async () => {
    const timeline = new Timeline<TimelineRecord>();
    for (let i = 0; i < MAX_HEADS + 5; i++)
      await write(new Writer(CONVERSATION, [ALICE, BOB]), timeline, { author: BOB, at: NOW + i });
    const { record } = await write(new Writer(CONVERSATION, [ALICE, BOB]), timeline);
    expect(record.heads).toHaveLength(MAX_HEADS);
    expect(record.heads.map((head) => head[4])).toEqual(
      Array.from({ length: MAX_HEADS }, (_, i) => NOW + 5 + i),
    );
  });

  it('gives every record of a group its descriptor, and the name where there is one', async () => {
    const circle = new Uint8Array(32).fill(7);
    const [alice, bob] = [fromHex(ALICE), fromHex(BOB)];
    const group = { nonce: new Uint8Array(16).fill(3), members: [alice, bob], parent: new Uint8Array() };
    const id = hex(await groupConversationId(circle, group));
    const writer = new Writer(id, [ALICE, BOB], group);
    const timeline = new Timeline<TimelineRecord>();
    const draft = { kind: 'rename', body: { name: 'A' }, at: NOW };
    const read = (content: Uint8Array) => readRecord(circle, content, alice, [bob]);
    const bare = writer.compose(draft, timeline);
    expect(await read(bare)).toMatchObject({ conversation: id, members: [ALICE, BOB], group });
    expect('title' in decodeRecord(bare)).toBe(false);
    const titled = writer.compose({ ...draft, title: ['Å', NOW - 1] }, timeline);
    expect((await read(titled)).group).toEqual(group);
    expect(decodeRecord(titled).title).toEqual(['Å', NOW - 1]);
  });

  it('has an id of its own for each page', () => {
    const ids = Array.from({ length: 20 }, () => new Writer(CONVERSATION, [ALICE, BOB]).id);
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });
});
