import type { Bytes } from '@relay/protocol/wire';
import { b64, ROUTES, randomBytes } from '@relay/protocol/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import type { TestBlob } from '../support/client.ts';
import {
  bearer,
  buyTicket,
  deleteBlobs,
  fetchBlobs,
  listMailbox,
  outcome,
  postBytes,
  readBlobs,
  readFrames,
  uploadBlobs,
} from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';

const circle = await makeCircle();
const [sender, recipient] = circle.members as [TestMember, TestMember];
let databaseUrl: string;
let relay: Relay;
let url: string;
let token: Bytes;
let blobs: TestBlob[];
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelay({ databaseUrl });
  url = relay.url;
  token = await logIn(url, circle, recipient);
});
beforeEach(async () => {
  await sql(databaseUrl, 'DELETE FROM blob');
  blobs = await uploadBlobs(url, await logIn(url, circle, sender), recipient.keyHash, 3);
});
afterAll(() => relay.close());

const toRead = () => blobs.map(({ id, readSecret }) => ({ id, secret: readSecret }));
const toDelete = () => blobs.map(({ id, deleteSecret }) => ({ id, secret: deleteSecret }));
const idsOf = (found: readonly { id: Bytes }[]) => found.map(({ id }) => b64(id)).sort();

test('the list is sorted by id and tells whole hours', async () => {
  const list = await listMailbox(url, token);
  expect(list.map(({ id }) => b64(id))).toEqual(
    list
      .map(({ id }) => Buffer.from(id))
      .sort(Buffer.compare)
      .map(b64),
  );
  expect(idsOf(list)).toEqual(idsOf(blobs));
  const { rows } = await sql(databaseUrl, 'SELECT expiry_hour FROM blob ORDER BY id');
  expect(list.map(({ expiryHour }) => expiryHour)).toEqual(rows.map((row) => row.expiry_hour));
});

test('a read secret opens its blob, to anyone', async () => {
  const frames = await readFrames(await readBlobs(url, toRead()));
  for (const { id, blob } of blobs) {
    const frame = frames.find((found) => b64(found.id) === b64(id));
    expect(Buffer.compare(frame?.blob ?? Buffer.of(), blob)).toBe(0);
  }
});

test('a wrong secret, the secret of another blob, the other secret and an absent blob are left out alike', async () => {
  const [first, second, last] = toRead() as [TestRead, TestRead, TestRead];
  const asked = [
    { id: first.id, secret: randomBytes(32) },
    { id: second.id, secret: first.secret },
    { id: randomBytes(16), secret: first.secret },
    { id: first.id, secret: (blobs[0] as TestBlob).deleteSecret },
  ];
  expect(await readFrames(await readBlobs(url, asked))).toEqual([]);
  expect(idsOf(await readFrames(await readBlobs(url, [...asked, last])))).toEqual(idsOf([last]));
});
type TestRead = { id: Bytes; secret: Bytes };

test('an id that is asked for twice comes once', async () => {
  const [first] = toRead() as [TestRead];
  expect(await readFrames(await readBlobs(url, [first, first]))).toHaveLength(1);
  expect(await readFrames(await fetchBlobs(url, token, [first.id, first.id]))).toHaveLength(1);
});

test('a delete secret deletes its blob, once', async () => {
  const wrong = { id: randomBytes(16), secret: randomBytes(32) };
  expect(await deleteBlobs(url, toRead())).toBe(0);
  expect(await deleteBlobs(url, [...toDelete().slice(0, 2), wrong])).toBe(2);
  expect(await deleteBlobs(url, toDelete())).toBe(1);
  expect(await listMailbox(url, token)).toEqual([]);
});

test('the owner deletes by id, nobody else', async () => {
  const ids = Buffer.concat(blobs.map(({ id }) => id));
  const remove = async (session: Bytes) =>
    (await postBytes(url + ROUTES.mailboxDelete, Uint8Array.from(ids), bearer(session))).json();
  expect(await remove(await logIn(url, circle, sender))).toEqual({ deleted: 0 });
  expect(await remove(token)).toEqual({ deleted: 3 });
  expect(await remove(token)).toEqual({ deleted: 0 });
});

test('the owner fetches by id, nobody else', async () => {
  const ids = blobs.map(({ id }) => id);
  expect(await readFrames(await fetchBlobs(url, await logIn(url, circle, sender), ids))).toEqual([]);
  expect(idsOf(await readFrames(await fetchBlobs(url, token, ids)))).toEqual(idsOf(blobs));
});

test('the owner empties a mailbox of any size: what has expired goes too, uncounted, and nobody else’s', async () => {
  const theirs = await logIn(url, circle, sender);
  await uploadBlobs(url, theirs, sender.keyHash, 1);
  await sql(
    databaseUrl,
    `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body)
     SELECT substr(sha256(int4send(i)), 1, 16), mailbox, expiry_hour, read_hash, delete_hash, body
     FROM blob, generate_series(1, 2100) AS i WHERE id = $1`,
    [(blobs[0] as TestBlob).id],
  );
  await sql(databaseUrl, 'UPDATE blob SET expiry_hour = 1 WHERE id = $1', [(blobs[0] as TestBlob).id]);
  const empty = async () =>
    (await postBytes(url + ROUTES.mailboxEmpty, new Uint8Array(), bearer(token))).json();
  expect(await empty()).toEqual({ deleted: 2_102 });
  expect(await empty()).toEqual({ deleted: 0 });
  const { rows } = await sql(databaseUrl, 'SELECT mailbox FROM blob');
  expect(rows.map(({ mailbox }) => b64(mailbox))).toEqual([b64(sender.keyHash)]);
});

test('expired blobs are invisible to every route before any worker ran', async () => {
  let now = Date.now();
  const clocked = await startRelay({ databaseUrl, now: () => now });
  const blob = blobs[0] as TestBlob;
  const { rows } = await sql(databaseUrl, 'SELECT expiry_hour FROM blob WHERE id = $1', [blob.id]);
  const [read, remove] = [
    { id: blob.id, secret: blob.readSecret },
    { id: blob.id, secret: blob.deleteSecret },
  ];

  now = rows[0].expiry_hour * 3_600_000 - 1;
  const before = await logIn(clocked.url, circle, recipient);
  expect(idsOf(await listMailbox(clocked.url, before))).toContain(b64(blob.id));
  expect(await readFrames(await readBlobs(clocked.url, [read]))).toHaveLength(1);

  now += 1;
  const session = await logIn(clocked.url, circle, recipient);
  expect(idsOf(await listMailbox(clocked.url, session))).not.toContain(b64(blob.id));
  expect(await readFrames(await fetchBlobs(clocked.url, session, [blob.id]))).toEqual([]);
  expect(await readFrames(await readBlobs(clocked.url, [read]))).toEqual([]);
  expect(await deleteBlobs(clocked.url, [remove])).toBe(0);
  const gone = await postBytes(clocked.url + ROUTES.mailboxDelete, blob.id, bearer(session));
  expect(await gone.json()).toEqual({ deleted: 0 });
  expect((await sql(databaseUrl, 'SELECT 1 FROM blob WHERE id = $1', [blob.id])).rowCount).toBe(1);
  await clocked.close();
});

test.each([0, 1, 47, 257 * 48])('%i bytes of capabilities are refused', async (size) => {
  for (const path of [ROUTES.blobsRead, ROUTES.blobsDelete]) {
    const expected = size > 256 * 48 ? '413 payload_too_large' : '400 bad_request';
    expect(await outcome(await postBytes(url + path, new Uint8Array(size)))).toBe(expected);
  }
});

test('the roster update is served as it was published', async () => {
  expect((await fetch(url + ROUTES.rosterUpdate, { headers: bearer(token) })).status).toBe(204);
  await sql(databaseUrl, "INSERT INTO roster_update (body) VALUES (decode(repeat('ab', 131072), 'hex'))");
  const answer = await fetch(url + ROUTES.rosterUpdate, { headers: bearer(token) });
  expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), Buffer.alloc(131_072, 0xab))).toBe(0);
});

test('a ticket for a member who is removed before it is spent is worth nothing', async () => {
  const third = circle.members[2] as TestMember;
  const ticket = await buyTicket(url, token, third.keyHash);
  await sql(databaseUrl, 'DELETE FROM member WHERE key_hash = $1', [third.keyHash]);
  const answer = await postBytes(url + ROUTES.blobs, (blobs[0] as TestBlob).frame, {
    Authorization: `Relay-Ticket ${b64(ticket)}`,
  });
  expect(await outcome(answer)).toBe('401 ticket_invalid');
});
