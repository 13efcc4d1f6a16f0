import type { Bytes } from '@relay/protocol';
import {
  BLOB_KIND,
  directConversationId,
  encodeRecord,
  fromHex,
  groupConversationId,
  hex,
  makeBlobId,
  randomBytes,
  sealMessage,
} from '@relay/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import { pairOf, sendRecords, uploadBlob } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { closeAll, openOnline } from '../support/member.ts';

type WireRecord = Parameters<typeof encodeRecord>[0];

describe('a member who does not keep to the rules', () => {
  let circle: TestCircle;
  const open: TestMember[] = [];
  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'));
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function recordOf(change: Partial<WireRecord> = {}): Promise<Uint8Array> {
    const pair = await pairOf(circle, 1, 2);
    return encodeRecord({
      id: randomBytes(16),
      at: Date.now(),
      conversation: await directConversationId(
        pair.self.roster.circleId,
        pair.self.keys.keyHash,
        pair.peer.keyHash,
      ),
      writer: randomBytes(8),
      n: 1,
      prev: [],
      heads: [],
      kind: 'text',
      body: { text: 'text' },
      ...change,
    });
  }
  async function send(...contents: Uint8Array[]): Promise<void> {
    const records = contents.map((content) => ({ content, private: {} }));
    await sendRecords(circle, await pairOf(circle, 1, 2), BLOB_KIND.message, records);
  }
  async function read(): Promise<TestMember> {
    const [two] = (await openOnline(circle, 2)) as [TestMember];
    open.push(two);
    return two;
  }
  const noticesOf = (member: TestMember) =>
    member.state().notices.map(({ fault, from }) => `${fault.code} ${from?.label}`);
  const HOUR = 3_600_000;

  it.each([-134 * HOUR, 2 * HOUR])('is refused a record that is %i ms off', async (shift) => {
    await send(await recordOf({ at: Date.now() + shift }), await recordOf());
    const two = await read();
    expect(two.texts(1)).toEqual(['text']);
    expect(noticesOf(two)).toEqual(['record_time Member 1']);
  });

  it('cannot show a group’s record as a direct message', async () => {
    const members = circle.keyHashes.map(fromHex).toSorted(Buffer.compare);
    const group = { nonce: randomBytes(16), members, parent: new Uint8Array() };
    const { circleId } = (await pairOf(circle, 1, 2)).self.roster;
    const conversation = await groupConversationId(circleId, group);
    await send(await recordOf({ group, conversation }), await recordOf({ group }), await recordOf());
    const two = await read();
    expect(two.texts(1)).toEqual(['text']);
    expect(two.group(hex(conversation)).items).toHaveLength(1);
    expect(two.state().conversations.flatMap(({ items }) => items)).toHaveLength(2);
    expect(noticesOf(two)).toEqual(['record_invalid Member 1']);
  });

  it('cannot speak in a group that it is not in, or in which this member is not', async () => {
    const [first, second, third] = circle.keyHashes.map(fromHex) as [Bytes, Bytes, Bytes];
    const { circleId } = (await pairOf(circle, 1, 2)).self.roster;
    for (const pair of [
      [first, third],
      [second, third],
    ]) {
      const members = pair.toSorted(Buffer.compare);
      const group = { nonce: randomBytes(16), members, parent: new Uint8Array() };
      await send(await recordOf({ group, conversation: await groupConversationId(circleId, group) }));
    }
    const two = await read();
    expect(two.state().conversations.filter(({ kind }) => kind === 'group')).toEqual([]);
    expect(noticesOf(two)).toEqual(['record_invalid Member 1']);
  });

  it('can change and delete what it said itself, and nothing of others', async () => {
    const two = await read();
    await two.send(1, 'mine');
    await two.sent();
    const { key } = two.messages(1)[0] as { key: string };
    const target = fromHex(key);
    const place = [target, randomBytes(8), 1, Date.now()];
    await send(
      await recordOf({ kind: 'edit', body: { target, text: 'forged' } }),
      await recordOf({ kind: 'delete', body: { target: place } }),
      await recordOf({ kind: 'reaction', body: { target, emoji: '👍' } }),
    );
    await two.until(() => two.messages(1)[0]?.reactions.length === 1);
    expect(two.texts(1)).toEqual(['*mine']);
    expect(two.messages(1)[0]).toMatchObject({ isEdited: false, kind: 'text' });
  });

  it('cannot hide anything: that is said to oneself only', async () => {
    const two = await read();
    await two.send(1, 'mine');
    await two.sent();
    const { key } = two.messages(1)[0] as { key: string };
    const at = two.messages(1)[0]?.at ?? 0;
    const author = fromHex(circle.keyHashes[1] as string);
    const target = [fromHex(two.with(1).id), fromHex(key), author, randomBytes(8), 1, at];
    await send(await recordOf({ kind: 'hide', body: { targets: [target] } }));
    await two.until(({ notices }) => notices.length === 1);
    expect(two.texts(1)).toEqual(['*mine']);
    expect(noticesOf(two)).toEqual(['record_invalid Member 1']);
  });

  it('is told of when it uses another roster under the same number', async () => {
    const pair = await pairOf(circle, 1, 2);
    const roster = { serial: pair.self.roster.serial, hash: randomBytes(32) };
    const records = [{ content: await recordOf(), private: {} }];
    const { id, blob } = await sealMessage(pair, BLOB_KIND.message, { roster, records });
    await uploadBlob(circle, pair, id, blob);
    const two = await read();
    expect(noticesOf(two)).toEqual(['roster_invalid Member 1']);
    expect(two.texts(1)).toEqual(['text']);
  });

  it('cannot write into another conversation', async () => {
    const { circleId } = (await pairOf(circle, 1, 2)).self.roster;
    const [, second, third] = circle.keyHashes.map(fromHex) as [Uint8Array, Uint8Array, Uint8Array];
    for (const pair of [
      [second, third],
      [second, second],
    ] as const)
      await send(await recordOf({ conversation: await directConversationId(circleId, ...pair) }));
    const two = await read();
    expect(two.state().conversations.flatMap(({ items }) => items)).toEqual([]);
    expect(noticesOf(two)).toEqual(['record_invalid Member 1']);
  });

  it('cannot put words into this member’s mouth with a sent log', async () => {
    const pair = await pairOf(circle, 1, 2);
    const to = [{ member: pair.self.keys.keyHash, blob: randomBytes(16) }];
    await sendRecords(circle, pair, BLOB_KIND.sentLog, [{ content: await recordOf(), private: { to } }]);
    const two = await read();
    expect(two.texts(1)).toEqual([]);
    expect(noticesOf(two)).toEqual(['blob_unrecognised Member 1']);
  });

  it('shows what contradicts itself as such, and harms nothing with counters that cannot be', async () => {
    const writer = randomBytes(8);
    const [hash, at] = [randomBytes(32), Date.now()];
    const [first = ''] = circle.keyHashes;
    const author = circle.keyHashes.slice(0, 2).toSorted().indexOf(first);
    await send(
      await recordOf({ writer, body: { text: 'yes' } }),
      await recordOf({ writer, body: { text: 'no' } }),
      await recordOf({ heads: [[author, randomBytes(8), 2 ** 52, hash, at]], body: { text: 'counts' } }),
    );
    const two = await read();
    const marked = two.messages(1).map(({ text, equivocates }) => `${text} ${equivocates}`);
    expect(marked.toSorted()).toEqual(['counts false', 'no true', 'yes true']);
    expect(two.texts(1)).toContain('(missing 1000)');
    await two.send(1, 'answer');
    await two.sent();
  });

  it('cannot keep others from writing long texts with heads that take all the room', async () => {
    const two = await read();
    await two.send(1, 'first');
    const heads = () => recordOf({ n: 2 ** 52, prev: [randomBytes(32), Date.now()] });
    await send(...(await Promise.all(Array.from({ length: 70 }, heads))));
    await two.until(() => two.messages(1).length === 71);
    await two.send(1, 'x'.repeat(60_000));
    await two.sent();
    expect(two.state().notices).toEqual([]);
  });

  it('sends kinds this client does not know, which are shown as such', async () => {
    await send(
      await recordOf({ kind: 'poll.vote', body: { choice: 3 } }),
      await recordOf({ kind: 'keys', body: { any: 'thing' } }),
    );
    const two = await read();
    expect(
      two
        .messages(1)
        .map(({ kind, kindName }) => `${kind} ${kindName}`)
        .toSorted(),
    ).toEqual(['unsupported keys', 'unsupported poll.vote']);
  });

  it('is told of once for blobs that bear its name and are not its own', async () => {
    const pair = await pairOf(circle, 1, 2);
    const junk = async () => {
      for (let i = 0; i < 3; i++)
        await uploadBlob(
          circle,
          pair,
          await makeBlobId(pair.outgoing, BLOB_KIND.message),
          randomBytes(65_536),
        );
    };
    await junk();
    const two = await read();
    expect(noticesOf(two)).toEqual(['blob_forged Member 1']);
  });
});
