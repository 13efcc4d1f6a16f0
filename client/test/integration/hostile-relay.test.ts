import { BLOB_KIND } from '@relay/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Vault } from '../../src/crypto/vault.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import { mailboxOf } from '../support/hostile.ts';
import type { TestMember } from '../support/member.ts';
import { AT_ONCE, closeAll, openMember, openOnline } from '../support/member.ts';

const SWAP = `UPDATE blob AS a SET body = b.body FROM blob AS b
  WHERE (a.id = decode($1, 'hex') AND b.id = decode($2, 'hex')) OR (a.id = decode($2, 'hex') AND b.id = decode($1, 'hex'))`;
const COPY = `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body)
  SELECT decode($2, 'hex'), mailbox, expiry_hour, read_hash, delete_hash, body FROM blob WHERE id = decode($1, 'hex')`;

interface BlobRow {
  [column: string]: unknown;
}

describe('a relay that alters what it keeps', () => {
  let circle: TestCircle;
  const open: TestMember[] = [];
  /** Blob ids of the texts a, b and c from member 1 to member 2, in order. */
  let ids: string[];
  let one: TestMember;

  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'));
  });
  beforeEach(async () => {
    [one] = (await openOnline(circle, 1)) as [TestMember];
    ids = [];
    for (const text of ['a', 'b', 'c']) {
      await one.send(2, text);
      await one.sent();
      ids.push(...(await mailboxOf(circle, 2)).filter((id) => !ids.includes(id)));
    }
  });
  afterEach(async () => {
    await closeAll(one, ...open.splice(0));
    await circle.sql('DELETE FROM blob');
  });
  afterAll(() => circle.close());

  async function read(number: number): Promise<TestMember> {
    const member = await openMember(circle, number);
    open.push(member);
    await member.online();
    return member;
  }
  async function putBack(row: BlobRow): Promise<void> {
    const columns = Object.keys(row);
    const places = columns.map((_, i) => `$${i + 1}`);
    await circle.sql(`INSERT INTO blob (${columns}) VALUES (${places})`, Object.values(row));
  }
  /** The chunks in a member's mailbox, which its keys alone tell from messages. */
  async function chunksOf(number: number): Promise<string[]> {
    const vault = new Vault();
    await vault.open((circle.files[number - 1] as Uint8Array).slice());
    const recognised = await vault.recognise(await mailboxOf(circle, number));
    const chunks = recognised.filter(({ kind }) => kind === BLOB_KIND.chunk).map(({ id }) => id);
    expect(chunks).toHaveLength(3);
    return chunks;
  }
  const noticesOf = (member: TestMember) =>
    member.state().notices.map(({ fault, from }) => `${fault.code} ${from?.label ?? 'nobody'}`);
  const [a, b, c] = [0, 1, 2].map((i) => () => ids[i] as string) as [
    () => string,
    () => string,
    () => string,
  ];

  it('cannot withhold one in the middle unnoticed: shown as a gap', async () => {
    await circle.sql("DELETE FROM blob WHERE id = decode($1, 'hex')", [b()]);
    const two = await read(2);
    expect(two.texts(1)).toEqual(['a', '(missing 1)', 'c']);
    expect(two.with(1).unread).toBe(0);
  });

  it('cannot pass one off as another: refused', async () => {
    await circle.sql(SWAP, [a(), b()]);
    const two = await read(2);
    expect(two.texts(1)).toEqual(['(missing 2)', 'c']);
    expect(noticesOf(two)).toEqual(['blob_forged Member 1']);
  });

  it.each([0, 600, 1_119, 1_120, 30_000, 65_535])('cannot change byte %i: refused', async (offset) => {
    await circle.sql(
      "UPDATE blob SET body = set_byte(body, $2, get_byte(body, $2) # 1) WHERE id = decode($1, 'hex')",
      [c(), offset],
    );
    const two = await read(2);
    expect(two.texts(1)).toEqual(['a', 'b']);
    expect(noticesOf(two)).toEqual(['blob_forged Member 1']);
  });

  it('cannot move one to another mailbox: refused', async () => {
    const third = Buffer.from(circle.keyHashes[2] as string, 'hex');
    await circle.sql("UPDATE blob SET mailbox = $2 WHERE id = decode($1, 'hex')", [c(), third]);
    const [two, three] = [await read(2), await read(3)];
    expect(two.texts(1)).toEqual(['a', 'b']);
    expect(three.state().conversations.flatMap(({ items }) => items)).toEqual([]);
    expect(noticesOf(three)).toEqual(['blob_unrecognised nobody']);
  });

  it('cannot give one back to its sender: refused', async () => {
    const first = Buffer.from(circle.keyHashes[0] as string, 'hex');
    await circle.sql("UPDATE blob SET mailbox = $2 WHERE id = decode($1, 'hex')", [c(), first]);
    const again = await read(1);
    expect(again.texts(2)).toEqual([]);
    expect(noticesOf(again)).toEqual(['blob_unrecognised nobody']);
  });

  it('cannot show one twice: refused', async () => {
    await circle.sql(COPY, [a(), '00'.repeat(16)]);
    const two = await read(2);
    expect(two.texts(1)).toEqual(['a', 'b', 'c']);
    expect(noticesOf(two)).toEqual(['blob_unrecognised nobody']);

    // Under the id of another one, which is then gone.
    await circle.sql("DELETE FROM blob WHERE id = decode($1, 'hex')", [b()]);
    await circle.sql(COPY, [a(), b()]);
    const again = await read(2);
    expect(again.texts(1)).toEqual(['a', '(missing 1)', 'c']);
    expect(noticesOf(again)).toEqual(['blob_unrecognised nobody', 'blob_forged Member 1']);
  });

  it('cannot show in another order what it serves in another order: refused', async () => {
    for (const [id, hours] of [
      [a(), 3],
      [b(), 2],
      [c(), 1],
    ] as const)
      await circle.sql("UPDATE blob SET expiry_hour = expiry_hour + $2 WHERE id = decode($1, 'hex')", [
        id,
        hours,
      ]);
    const two = await read(2);
    expect(two.texts(1)).toEqual(['a', 'b', 'c']);
    expect(noticesOf(two)).toEqual([]);
  });

  it('cannot announce again what was read, nor serve it again under its own id: shown once', async () => {
    const two = await read(2);
    const { rows } = await circle.sql("SELECT * FROM blob WHERE id = decode($1, 'hex')", [a()]);
    await circle.sql("DELETE FROM blob WHERE id = decode($1, 'hex')", [a()]);
    await putBack(rows[0]);
    two.messenger.actions.reconnect();
    await one.send(2, 'd');
    await two.until(() => two.texts(1).at(-1) === 'd');
    expect(two.texts(1)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('cannot swap what two members got: refused at both', async () => {
    await one.send(3, 'for three');
    await one.sent();
    const [other] = await mailboxOf(circle, 3);
    const [second, third] = [1, 2].map((i) => Buffer.from(circle.keyHashes[i] as string, 'hex'));
    await circle.sql("UPDATE blob SET mailbox = $2 WHERE id = decode($1, 'hex')", [c(), third]);
    await circle.sql("UPDATE blob SET mailbox = $2 WHERE id = decode($1, 'hex')", [other, second]);
    const [two, three] = [await read(2), await read(3)];
    expect([two.texts(1), three.texts(1)]).toEqual([['a', 'b'], []]);
    for (const member of [two, three]) expect(noticesOf(member)).toEqual(['blob_unrecognised nobody']);
  });

  describe('after something was deleted for everyone', () => {
    let resurrected: BlobRow;
    let tombstone: string;
    beforeEach(async () => {
      const { rows } = await circle.sql("SELECT * FROM blob WHERE id = decode($1, 'hex')", [b()]);
      resurrected = rows[0];
      const key = one.messages(2).find(({ text }) => text === 'b')?.key ?? '';
      await one.act(one.messenger.actions.deleteForEveryone(key));
      await one.sent();
      tombstone = (await mailboxOf(circle, 2)).find((id) => !ids.includes(id)) ?? '';
    });

    it('shows no gap in its place', async () => {
      expect((await read(2)).texts(1)).toEqual(['a', 'c']);
    });

    it('cannot resurrect it: shown as deleted', async () => {
      const two = await read(2);
      await putBack(resurrected);
      expect(await mailboxOf(circle, 2)).toContain(b());
      const again = await read(2);
      expect(again.texts(1)).toEqual(['a', '(deleted)', 'c']);
      expect(JSON.stringify(again.state().conversations)).not.toContain('"b"');
      await one.send(2, 'd');
      await two.until(() => two.texts(1).at(-1) === 'd');
      expect(two.texts(1).filter((text) => text === 'b')).toEqual([]);
    });

    it('can resurrect it only by withholding the tombstone too: shown as a gap by the next message', async () => {
      await putBack(resurrected);
      await circle.sql("DELETE FROM blob WHERE id = decode($1, 'hex')", [tombstone]);
      expect((await read(2)).texts(1)).toEqual(['a', 'b', 'c']);
      await one.send(2, 'd');
      await one.sent();
      expect((await read(2)).texts(1)).toEqual(['a', 'b', 'c', '(missing 1)', 'd']);
    });
  });

  it('cannot make noise of junk: it is told once, and can be dismissed', async () => {
    for (let i = 1; i <= 3; i++) await circle.sql(COPY, [a(), `0${i}`.repeat(16)]);
    const two = await read(2);
    expect(noticesOf(two)).toEqual(['blob_unrecognised nobody']);
    two.messenger.actions.dismissNotice(two.state().notices[0]?.key ?? '');
    await one.send(2, 'd');
    await two.until(() => two.texts(1).length === 4);
    expect(noticesOf(two)).toEqual([]);
  });

  it('cannot change or withhold a chunk of a long text: refused, and shown', async () => {
    const long = 'long '.repeat(30_000);
    await one.send(2, long);
    await one.sent();
    const chunks = await chunksOf(2);
    await circle.sql(
      "UPDATE blob SET body = set_byte(body, 9, get_byte(body, 9) # 1) WHERE id = decode($1, 'hex')",
      [chunks[1]],
    );
    const two = await read(2);
    await two.until(() => two.messages(1).at(-1)?.fault !== undefined);
    expect(two.messages(1).map(({ text, fault }) => text ?? fault?.code)).toEqual([
      'a',
      'b',
      'c',
      'chunk_forged',
    ]);
    await circle.sql("DELETE FROM blob WHERE id = decode($1, 'hex')", [chunks[1]]);
    const again = await read(2);
    await again.until(() => again.messages(1).at(-1)?.fault !== undefined);
    expect(again.messages(1).at(-1)?.fault).toMatchObject({
      code: 'file_mismatch',
      message: expect.stringMatching(/part/),
    });
  });

  it('cannot mix up the chunks of a long text: refused', async () => {
    await one.messenger.actions.lock();
    const writer = await openMember(circle, 1, { config: AT_ONCE });
    open.push(writer);
    await writer.online();
    await writer.send(2, 'long '.repeat(30_000));
    await writer.sent();
    const two = await read(2);
    await two.until(() => two.messages(1).some(({ text }) => text?.startsWith('long')));
    const chunks = await chunksOf(2);
    for (const [i, left] of chunks.entries())
      for (const right of chunks.slice(i + 1)) await circle.sql(SWAP, [left, right]);
    const again = await read(2);
    await again.until(() => again.messages(1).some(({ fault }) => fault?.code === 'chunk_forged'));
    expect(again.messages(1).filter(({ text }) => text?.startsWith('long'))).toEqual([]);
    // The sender, who reads them back by capability, is not fooled either.
    const sender = await read(1);
    await sender.until(() => sender.messages(2).some(({ fault }) => fault !== undefined));
    expect(sender.messages(2).at(-1)?.fault?.code).toBe('chunk_forged');
  });
});
