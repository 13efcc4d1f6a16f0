import type { Bytes } from '@relay/protocol';
import { formatAllowlist } from '@relay/protocol';
import { expect, test } from 'vitest';
import { membersText } from '../src/render/members.ts';
import { pruneQuestion, seededJson, seededText } from '../src/render/seeded.ts';
import { publishRoster } from '../src/services/publish-roster.ts';
import { seedAllowlist } from '../src/services/seed-allowlist.ts';

const hash = (byte: number): Bytes => new Uint8Array(32).fill(byte);
const CIRCLE = hash(200);
const LIST = formatAllowlist({ circleId: CIRCLE, keyHashes: [hash(1), hash(2)] });

/** The edge to the database, whose own behaviour the integration tests show: a set of members, and what was asked of it. */
function memoryStore(...members: number[]) {
  const held = new Set(members);
  const asked: boolean[] = [];
  return {
    held,
    asked,
    async seed({ keyHashes }: { keyHashes: Bytes[] }, { prune }: { prune: boolean }) {
      asked.push(prune);
      const wanted = keyHashes.map((key) => key[0] ?? 0);
      const added = wanted.filter((member) => !held.has(member)).length;
      const others = [...held].filter((member) => !wanted.includes(member));
      for (const member of wanted) held.add(member);
      if (prune) for (const member of others) held.delete(member);
      const [removed, kept] = prune ? [others.length, 0] : [0, others.length];
      return { added, unchanged: wanted.length - added, removed, kept };
    },
    listMembers: async () => [...held].map((member) => ({ keyHash: hash(member), blobs: member })),
  };
}

test('members are added once', async () => {
  const store = memoryStore();
  expect(await seedAllowlist(store, { text: LIST })).toMatchObject({ added: 2, unchanged: 0, extra: [] });
  expect(await seedAllowlist(store, { text: LIST })).toMatchObject({ added: 0, unchanged: 2, extra: [] });
});

test('members that the list lacks are named and kept', async () => {
  const store = memoryStore(2, 3);
  const seeded = await seedAllowlist(store, { text: LIST });
  expect(seeded).toMatchObject({ added: 1, unchanged: 1, removed: [], extra: [{ blobs: 3 }] });
  expect(store.asked).toEqual([false]);
  await expect(seededText(seeded)).toMatchFileSnapshot('golden/seeded-extra.txt');
  await expect(`${JSON.stringify(seededJson(seeded), null, 2)}\n`).toMatchFileSnapshot('golden/seeded.json');
});

test('pruning asks first, about exactly those that go', async () => {
  const store = memoryStore(1, 3, 4);
  const seeded = await seedAllowlist(store, {
    text: LIST,
    prune: true,
    confirmPrune: async (extra) => {
      expect(store.held).toEqual(new Set([1, 2, 3, 4]));
      expect(extra.map(({ blobs }) => blobs)).toEqual([3, 4]);
      await expect(pruneQuestion(extra)).toMatchFileSnapshot('golden/prune-question.txt');
    },
  });
  expect(store.held).toEqual(new Set([1, 2]));
  expect(seeded.extra).toEqual([]);
  await expect(seededText(seeded)).toMatchFileSnapshot('golden/seeded-pruned.txt');
});

test('without consent nobody is removed', async () => {
  const store = memoryStore(3);
  const confirmPrune = async () => {
    throw new Error('no');
  };
  await expect(seedAllowlist(store, { text: LIST, prune: true, confirmPrune })).rejects.toThrow('no');
  expect(store.asked).toEqual([false]);
  expect(store.held).toContain(3);
});

test('with nobody to remove, nobody is asked', async () => {
  const store = memoryStore(1);
  const confirmPrune = async () => {
    throw new Error('asked');
  };
  expect(await seedAllowlist(store, { text: LIST, prune: true, confirmPrune })).toMatchObject({ added: 1 });
});

test.each([
  ['broken JSON', '{'],
  ['another shape', '{"keys": []}'],
  ['an identity file', 'RELAYID1'],
])('%s changes nothing', async (_, text) => {
  const store = memoryStore(3);
  await expect(seedAllowlist(store, { text, prune: true })).rejects.toMatchObject({
    code: 'allowlist_invalid',
  });
  expect(store.asked).toEqual([]);
});

test('a roster update has one size', async () => {
  const published: number[] = [];
  const store = { publishRosterUpdate: async (update: Bytes) => void published.push(update.length) };
  await publishRoster(store, new Uint8Array(131_072));
  for (const size of [0, 131_071, 131_073]) {
    await expect(publishRoster(store, new Uint8Array(size))).rejects.toMatchObject({
      code: 'roster_update_invalid',
    });
  }
  expect(published).toEqual([131_072]);
});

test('the list of members', async () => {
  const members = await memoryStore(1, 2, 200).listMembers();
  await expect(membersText(members)).toMatchFileSnapshot('golden/members.txt');
  expect(membersText([])).toContain('serves nobody yet');
});
