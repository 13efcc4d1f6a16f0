import type { Bytes } from '@relay/protocol/wire';
import { b64, compareBytes, randomBytes } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdminStore } from '../../src/admin.ts';
import { connect } from '../../src/admin.ts';
import { startRelay } from '../../src/testing.ts';
import { uploadBlobs } from '../support/client.ts';
import { emptyDatabase, makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';

const circle = await makeCircle(4);
const { circleId, keyHashes } = circle.allowlist;
let databaseUrl: string;
let admin: AdminStore;
beforeAll(async () => {
  databaseUrl = await makeDatabase();
  admin = connect(databaseUrl);
});
afterAll(() => admin.close());

const stored = async () => (await admin.listMembers()).map(({ keyHash }) => b64(keyHash));
const sorted = (keys: readonly Bytes[]) => keys.toSorted(compareBytes).map(b64);

test('seeding is idempotent, adds, removes only when told to, and says what it did', async () => {
  const seed = (keys: Bytes[], prune = false) => admin.seed({ circleId, keyHashes: keys }, { prune });
  expect(await seed(keyHashes.slice(0, 2))).toEqual({ added: 2, unchanged: 0, removed: 0, kept: 0 });
  expect(await seed(keyHashes.slice(0, 2))).toEqual({ added: 0, unchanged: 2, removed: 0, kept: 0 });
  expect(await seed(keyHashes.slice(1))).toEqual({ added: 2, unchanged: 1, removed: 0, kept: 1 });
  expect(await stored()).toEqual(sorted(keyHashes));
  expect(await seed(keyHashes.slice(1), true)).toEqual({ added: 0, unchanged: 3, removed: 1, kept: 0 });
  expect(await stored()).toEqual(sorted(keyHashes.slice(1)));
});

test('another circle is refused and changes nothing', async () => {
  const before = await stored();
  const other = { circleId: randomBytes(32), keyHashes: [randomBytes(32), randomBytes(32)] };
  await expect(admin.seed(other, { prune: true })).rejects.toMatchObject({ code: 'circle_mismatch' });
  expect(await stored()).toEqual(before);
});

test('two circles seeded at once into an empty database: one of them is set up, whole', async () => {
  const url = await makeDatabase();
  const [first, second] = [connect(url), connect(url)];
  const other = await makeCircle(3);
  const results = await Promise.allSettled([
    first.seed(circle.allowlist, { prune: false }),
    second.seed(other.allowlist, { prune: false }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const winner = results[0]?.status === 'fulfilled' ? circle : other;
  expect((await first.listMembers()).map(({ keyHash }) => b64(keyHash))).toEqual(
    sorted(winner.allowlist.keyHashes),
  );
  await Promise.all([first.close(), second.close()]);
});

test('members are listed with the number of their blobs', async () => {
  await admin.seed(circle.allowlist, { prune: false });
  const relay = await startRelay({ databaseUrl });
  const [sender, recipient] = circle.members as [TestMember, TestMember];
  await uploadBlobs(relay.url, await logIn(relay.url, circle, sender), recipient.keyHash, 3);
  await sql(databaseUrl, 'UPDATE blob SET expiry_hour = 1 WHERE id = (SELECT id FROM blob LIMIT 1)');
  const counted = (await admin.listMembers()).filter(({ blobs }) => blobs > 0);
  expect(counted).toEqual([{ keyHash: recipient.keyHash, blobs: 2 }]);
  await relay.close();
});

test('a roster update is replaced by the next, and has its one size', async () => {
  const [first, second] = [
    Uint8Array.from(Buffer.alloc(131_072, 1)),
    Uint8Array.from(Buffer.alloc(131_072, 2)),
  ];
  await admin.publishRosterUpdate(first);
  await admin.publishRosterUpdate(second);
  const { rows } = await sql(databaseUrl, 'SELECT body FROM roster_update');
  expect(rows.map((row) => Buffer.compare(row.body, second))).toEqual([0]);
  await expect(admin.publishRosterUpdate(first.subarray(1))).rejects.toMatchObject({ code: 'bad_request' });
});

test('a database that is away or not migrated is unavailable', async () => {
  for (const url of ['postgres://nobody@127.0.0.1:1/none', await emptyDatabase()]) {
    const store = connect(url);
    await expect(store.listMembers()).rejects.toMatchObject({ code: 'unavailable' });
    await store.close();
  }
});
