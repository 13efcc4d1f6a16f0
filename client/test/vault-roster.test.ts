import {
  directConversationId,
  encodeRecord,
  fromHex,
  hex,
  loadIdentity,
  randomBytes,
  readSafetyCode,
  sha256,
} from '@relay/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { rosterDiff } from '../src/crypto/roster-diff.ts';
import type { Vault } from '../src/crypto/vault.ts';
import { NOW } from './support/records.ts';
import type { RosterMaker, Update } from './support/rosters.ts';
import { openVault, rosterMaker } from './support/rosters.ts';

const blobOf = ({ frame }: { frame: Uint8Array }) => frame.subarray(-65_536);
/** The hashes of the read and of the delete secret in an upload frame. */
const hashesOf = ({ frame }: { frame: Uint8Array }) => [frame.slice(16, 48), frame.slice(48, 80)];

let maker: RosterMaker;
/** Serial 2: Carol (3) is replaced, Dora (4) removed, Eve (5) added. */
let second: Update;
let replacement: Awaited<ReturnType<RosterMaker['recruit']>>;
let eve: Awaited<ReturnType<RosterMaker['recruit']>>;

beforeAll(async () => {
  maker = await rosterMaker('Alice', 'Bob', 'Carol', 'Dora');
  replacement = await maker.recruit(3, 'Carol');
  eve = await maker.recruit(5, 'Eve');
  second = await maker.update(2, [...maker.lines.slice(0, 2), replacement.line, eve.line]);
});

const open = (number: number) => openVault(maker.files[number - 1] as Uint8Array);
const id = (number: number) => maker.ids[number - 1] as string;

async function write(from: Vault, circleId: Uint8Array, self: string, to: string) {
  const content = encodeRecord({
    id: randomBytes(16),
    at: NOW,
    conversation: await directConversationId(circleId, fromHex(self), fromHex(to)),
    writer: randomBytes(8),
    n: 1,
    prev: [],
    heads: [],
    kind: 'text',
    body: { text: 'hello' },
  });
  return from.seal(to, 'message', [{ content, private: {} }]);
}

describe('a vault that takes up a roster update', () => {
  it('shows who is new, gone and replaced, and keeps the former ones in view', async () => {
    const { vault, view } = await open(1);
    expect(view).toMatchObject({ rosterSerial: 1, fileSerial: 1 });
    expect(view.members.map(({ isFormer }) => isFormer)).toEqual([false, false, false, false]);
    const change = await vault.acceptRoster(second.bytes);
    expect(change).toMatchObject({
      added: [eve.id],
      removed: [id(4)],
      replaced: [[id(3), replacement.id]],
      view: { self: id(1), rosterSerial: 2, rosterHash: second.hash, fileSerial: 1 },
    });
    expect(change.view.members.map((member) => [member.id, member.number, member.isFormer])).toEqual([
      [id(1), 1, false],
      [id(2), 2, false],
      [replacement.id, 3, false],
      [eve.id, 5, false],
      [id(3), 3, true],
      [id(4), 4, true],
    ]);
  });

  it('writes to members old and new under the newest secret, and names its roster', async () => {
    const [alice, bob] = await Promise.all([open(1), open(2)]);
    const { circleId } = alice.view;
    await alice.vault.acceptRoster(second.bytes);
    const newcomer = await openVault(await eve.file(second, 2));
    const toEve = await write(alice.vault, circleId, id(1), eve.id);
    const opened = await newcomer.vault.openMessage(toEve.id, blobOf(toEve));
    expect(opened).toMatchObject({ sender: id(1), rosterSerial: 2, rosterHash: second.hash, refused: [] });

    const toBob = await write(alice.vault, circleId, id(1), id(2));
    expect(await bob.vault.recognise([toBob.id])).toEqual([]);
    await bob.vault.acceptRoster(second.bytes);
    expect(await bob.vault.openMessage(toBob.id, blobOf(toBob))).toMatchObject({ sender: id(1) });
    const back = await write(newcomer.vault, circleId, eve.id, id(1));
    expect(await alice.vault.openMessage(back.id, blobOf(back))).toMatchObject({ sender: eve.id });
  });

  it('still reads what was made before, also by former members, but writes nothing to those', async () => {
    const [alice, bob, carol] = await Promise.all([open(1), open(2), open(3)]);
    const { circleId } = alice.view;
    const early = await write(bob.vault, circleId, id(2), id(1));
    const last = await write(carol.vault, circleId, id(3), id(1));
    const file = await carol.vault.sealFile(id(1), new Uint8Array(100).fill(5));
    await alice.vault.acceptRoster(second.bytes);
    const recognised = await alice.vault.recognise([early.id, last.id]);
    expect(recognised.map(({ sender }) => sender)).toEqual([id(2), id(3)]);
    expect(await alice.vault.openMessage(early.id, blobOf(early))).toMatchObject({ rosterSerial: 1 });
    expect(await alice.vault.openMessage(last.id, blobOf(last))).toMatchObject({
      sender: id(3),
      rosterHash: carol.view.rosterHash,
      records: [{ body: { text: 'hello' } }],
    });
    const request = { peer: id(3), sent: false, ...file };
    expect(await alice.vault.joinFile(request, file.parcels.map(blobOf))).toEqual(
      new Uint8Array(100).fill(5),
    );
    const sealing = write(alice.vault, circleId, id(1), id(3));
    await expect(sealing).rejects.toMatchObject({ code: 'recipient_unknown' });
    await expect(alice.vault.sealFile(id(4), randomBytes(1))).rejects.toMatchObject({
      code: 'recipient_unknown',
    });
  });

  it('takes nothing older, nothing of others, and nothing once it is closed', async () => {
    const { vault, view } = await open(1);
    await vault.acceptRoster(second.bytes);
    await expect(vault.acceptRoster(second.bytes)).rejects.toMatchObject({ code: 'roster_stale' });
    const without = await maker.update(3, maker.lines.slice(1));
    await expect(vault.acceptRoster(without.bytes)).rejects.toMatchObject({ code: 'roster_update_invalid' });
    const garbage = vault.acceptRoster(new Uint8Array(131_072));
    await expect(garbage).rejects.toMatchObject({ code: 'roster_update_invalid' });
    const third = await maker.update(3, maker.lines);
    const late = vault.acceptRoster(third.bytes);
    vault.close();
    await expect(late).rejects.toMatchObject({ code: 'identity_locked' });
    expect(await vault.recognise([hex(randomBytes(16))])).toEqual([]);
    expect((await vault.open((maker.files[0] as Uint8Array).slice())).rosterHash).toBe(view.rosterHash);
  });

  it('ends with the newest of two updates that are taken up at once, and lets former members return', async () => {
    const { vault } = await open(1);
    const third = await maker.update(3, maker.lines);
    const outcomes = await Promise.allSettled([
      vault.acceptRoster(second.bytes),
      vault.acceptRoster(third.bytes),
    ]);
    const changes = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const newest = changes.toSorted((a, b) => a.view.rosterSerial - b.view.rosterSerial).at(-1);
    expect(newest?.view).toMatchObject({ rosterSerial: 3, rosterHash: third.hash });
    expect(newest?.view.members.filter(({ isFormer }) => !isFormer).map((member) => member.id)).toEqual(
      maker.ids,
    );
    await expect(vault.acceptRoster(third.bytes)).rejects.toMatchObject({ code: 'roster_stale' });
  });
});

describe('a new identity file', () => {
  it.each([undefined, 'correct horse'])(
    'holds the same keys and the roster in use (passphrase %s)',
    async (word) => {
      const { vault, view } = await open(1);
      const bob = await open(2);
      const before = await write(bob.vault, view.circleId, id(2), id(1));
      const { view: now } = await vault.acceptRoster(second.bytes);
      const file = await vault.makeIdentityFile(word);
      const { secrets } = await loadIdentity(file.slice(), word);
      expect(secrets.map(({ serial }) => serial)).toEqual([2, 1]);

      const again = await openVault(
        await (await openVault(await vault.makeIdentityFile())).vault.makeIdentityFile(),
      );
      expect(again.view.storeName).toBe(view.storeName);
      const other = await openVault(maker.files[0] as Uint8Array);
      const fresh = other.vault;
      expect(await fresh.open(file, word)).toEqual({
        ...now,
        fileSerial: 2,
        members: now.members.filter(({ isFormer }) => !isFormer),
      });
      expect(await fresh.openMessage(before.id, blobOf(before))).toMatchObject({ sender: id(2) });
      const eves = await openVault(await eve.file(second, 2));
      const to = await write(eves.vault, view.circleId, eve.id, id(1));
      expect(await fresh.openMessage(to.id, blobOf(to))).toMatchObject({ sender: eve.id });
    },
  );

  it('is made of an open identity only', async () => {
    const { vault } = await open(1);
    vault.close();
    await expect(vault.makeIdentityFile()).rejects.toMatchObject({ code: 'identity_locked' });
  });
});

describe('safety numbers', () => {
  it('are the same on both sides, other for every key, and none for oneself', async () => {
    const [alice, bob] = await Promise.all([open(1), open(2)]);
    const { view } = await alice.vault.acceptRoster(second.bytes);
    const of = ({ members }: typeof view, who: string) => members.find((member) => member.id === who);
    const mine = of(view, id(2));
    expect(mine?.safetyNumber).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(readSafetyCode(mine?.safetyCode ?? '')).toHaveLength(32);
    expect(of(bob.view, id(1))).toMatchObject({
      safetyNumber: mine?.safetyNumber,
      safetyCode: mine?.safetyCode,
    });
    expect(of(view, id(1))?.safetyNumber).toBeUndefined();
    expect(new Set(view.members.map(({ safetyCode }) => safetyCode)).size).toBe(6);
  });
});

describe('capabilities', () => {
  it('are those of the blobs that were uploaded, also from before an update and of former members', async () => {
    const { vault, view } = await open(1);
    const early = await write(vault, view.circleId, id(1), id(2));
    const former = await write(vault, view.circleId, id(1), id(3));
    await vault.acceptRoster(second.bytes);
    const late = await write(vault, view.circleId, id(1), id(2));
    const log = await vault.seal(id(1), 'sentLog', [{ content: randomBytes(9), private: {} }]);
    const parcels = [early, late, former, log];
    const requests = [
      { peer: id(2), ids: [early.id, late.id, hex(randomBytes(16))] },
      { peer: id(3), ids: [former.id, early.id] },
      { peer: id(1), ids: [log.id] },
      { peer: '00'.repeat(32), ids: [early.id] },
    ];
    const [read, remove] = await Promise.all([
      vault.readCapabilities(requests),
      vault.deleteCapabilities(requests),
    ]);
    for (const [i, capabilities] of [read, remove].entries()) {
      expect(capabilities.map((one) => one.id)).toEqual(parcels.map((one) => one.id));
      for (const [k, { secret }] of capabilities.entries())
        expect(await sha256(secret)).toEqual(hashesOf(parcels[k] as (typeof parcels)[0])[i]);
    }
    vault.close();
    await expect(vault.deleteCapabilities([])).rejects.toMatchObject({ code: 'identity_locked' });
  });
});

describe('the difference of two rosters', () => {
  const line = (member: string, number: number) => ({ id: member, number });
  it.each([
    [['a1', 'b2'], ['a1', 'b2'], [], [], []],
    [['a1', 'b2'], ['b2', 'c3', 'a1', 'd4'], ['c', 'd'], [], []],
    [['c3', 'a1', 'b2'], ['b2'], [], ['a', 'c'], []],
    [['a1', 'b2'], ['c1', 'b2'], [], [], [['a', 'c']]],
    [['a1', 'b2'], ['b1', 'c2'], ['c'], ['a'], []],
    [['a1', 'b2'], ['a2', 'b1'], [], [], []],
  ])('from %j to %j', (before, after, added, removed, replaced) => {
    const lines = (list: string[]) => list.map((text) => line(text.charAt(0), Number(text.charAt(1))));
    expect(rosterDiff(lines(before), lines(after))).toEqual({ added, removed, replaced });
  });
});
