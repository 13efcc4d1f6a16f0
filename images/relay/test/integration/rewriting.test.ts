import type { Bytes } from '@relay/protocol/wire';
import { hex } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/pools.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { DAY_MS } from '../../src/time.ts';
import { rewriteDay } from '../../src/worker/order.ts';
import { postgresSettings } from '../support/appliance.ts';
import type { TestBlob } from '../support/client.ts';
import {
  buyTicket,
  deleteBlobs,
  fetchBlobs,
  makeBlob,
  outcome,
  readFrames,
  upload,
  uploadBlobs,
} from '../support/client.ts';
import { seed, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import type { RolesDatabase } from '../support/roles.ts';
import { startRolesDatabase } from '../support/roles.ts';
import { until, untilReady } from '../support/until.ts';

const circle = await makeCircle(3);
const [sender, owner, other] = circle.members as [TestMember, TestMember, TestMember];
const now = (Math.floor(Date.now() / DAY_MS) + 0.5) * DAY_MS;
const today = Math.floor(now / DAY_MS);
let database: RolesDatabase;
let relay: Relay;
let token: Bytes;
beforeAll(async () => {
  database = await startRolesDatabase({ durable: true, settings: postgresSettings() });
  await seed(database.as.owner, circle);
  relay = await startRelay({ databaseUrl: database.as.relay, now: () => now });
  await untilReady(relay.url);
  token = await logIn(relay.url, circle, sender);
});
afterAll(async () => {
  await relay.close();
  await database.remove();
});

/** Writes today anew, again and again, until it is told to stop or something breaks; resolves to how many blobs it wrote. */
function rewriteForever(): { stop(): Promise<number>; written(): number } {
  const worker = openDatabase(database.as.worker, { statements: 1, streams: 1 });
  let isOn = true;
  let written = 0;
  const running = (async () => {
    try {
      while (isOn) for (const day of [today, today + 1]) written += await rewriteDay(worker.pool, day);
    } catch {
      // PostgreSQL is gone.
    }
  })();
  return {
    written: () => written,
    stop: async () => {
      isOn = false;
      await running;
      await worker.close();
      return written;
    },
  };
}

async function expectStored(blobs: readonly TestBlob[]): Promise<void> {
  const reader = await logIn(relay.url, circle, owner);
  const frames = new Map<string, Uint8Array>();
  for (let i = 0; i < blobs.length; i += 256) {
    const ids = blobs.slice(i, i + 256).map(({ id }) => id);
    for (const { id, blob } of await readFrames(await fetchBlobs(relay.url, reader, ids)))
      frames.set(hex(id), blob);
  }
  for (const { id, blob } of blobs) expect(Buffer.compare(frames.get(hex(id)) ?? Buffer.of(), blob)).toBe(0);
}

const countRows = async () =>
  (
    await sql(
      database.superuser,
      'SELECT count(*)::integer AS n, count(DISTINCT id)::integer AS ids FROM blob',
    )
  ).rows[0];

test('while a day is written anew, uploads, retries and deletions have the answers that they have otherwise', async () => {
  const rewriting = rewriteForever();
  const kept: TestBlob[] = [];
  await uploadBlobs(relay.url, token, owner.keyHash, 64).then((blobs) => kept.push(...blobs));
  await until('blobs had been written anew', () => rewriting.written() > 0);
  for (let round = 0; round < 12; round++) {
    const ticket = await buyTicket(relay.url, token, owner.keyHash);
    const again = kept[round] as TestBlob;
    expect((await upload(relay.url, ticket, again.frame)).status).toBe(204);
    const blobs = await uploadBlobs(relay.url, token, owner.keyHash, 6);
    const [gone, ...stay] = blobs as [TestBlob, ...TestBlob[]];
    const conflict = await upload(relay.url, ticket, again.frame.slice().fill(1, 100));
    expect(await outcome(conflict)).toBe('409 blob_conflict');
    expect(await deleteBlobs(relay.url, [{ id: gone.id, secret: gone.deleteSecret }])).toBe(1);
    expect(await deleteBlobs(relay.url, [{ id: gone.id, secret: gone.deleteSecret }])).toBe(0);
    kept.push(...stay);
  }
  expect(await rewriting.stop()).toBeGreaterThan(kept.length);
  await expectStored(kept);
  expect(await countRows()).toEqual({ n: kept.length, ids: kept.length });
});

test('a member can be revoked while a day is written anew, and nothing of it stays', async () => {
  await uploadBlobs(relay.url, token, other.keyHash, 40);
  const rewriting = rewriteForever();
  await until('blobs had been written anew', () => rewriting.written() > 0);
  await sql(database.as.admin, 'DELETE FROM member WHERE key_hash = $1', [other.keyHash]);
  const left = await sql(database.superuser, 'SELECT FROM blob WHERE mailbox = $1', [other.keyHash]);
  expect(left.rowCount).toBe(0);
  expect(await rewriting.stop()).toBeGreaterThan(0);
  expect(
    (await sql(database.superuser, 'SELECT FROM blob WHERE mailbox = $1', [other.keyHash])).rowCount,
  ).toBe(0);
});

test('killed in the middle of it, PostgreSQL has every acknowledged blob, once and bit by bit', async () => {
  await sql(database.superuser, 'DELETE FROM blob');
  const blobs = await uploadBlobs(relay.url, token, owner.keyHash, 160);
  for (let round = 0; round < 3; round++) {
    const rewriting = rewriteForever();
    await until('blobs had been written anew', () => rewriting.written() > 40 * round);
    const late = await makeBlob();
    const ticket = await buyTicket(relay.url, token, owner.keyHash);
    expect((await upload(relay.url, ticket, late.frame)).status).toBe(204);
    blobs.push(late);
    await database.server.kill9();
    await rewriting.stop();
    await database.restart();
    await untilReady(relay.url);
    token = await logIn(relay.url, circle, sender);
    await expectStored(blobs);
    expect(await countRows()).toEqual({ n: blobs.length, ids: blobs.length });
  }
});
