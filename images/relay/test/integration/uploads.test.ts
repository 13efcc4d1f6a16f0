import { once } from 'node:events';
import { request } from 'node:http';
import type { Bytes } from '@relay/protocol/wire';
import { BLOB_BYTES, b64, ROUTES, randomBytes, TICKET_BLOBS, UPLOAD_FRAME_BYTES } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import {
  buyTicket,
  drawTokens,
  fetchBlobs,
  listMailbox,
  makeBlob,
  outcome,
  postBytes,
  readFrames,
  spendToken,
  upload,
} from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
const [sender, recipient, third] = circle.members as [TestMember, TestMember, TestMember];
let databaseUrl: string;
let relay: Relay;
let url: string;
let token: Bytes;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelay({ databaseUrl });
  url = relay.url;
  token = await logIn(url, circle, sender);
});
afterAll(() => relay.close());

const ticketFor = (member: TestMember) => buyTicket(url, token, member.keyHash);

async function countBlobs(): Promise<number> {
  return (await sql(databaseUrl, 'SELECT count(*)::integer AS n FROM blob')).rows[0].n;
}

async function remaining(): Promise<number[]> {
  const { rows } = await sql(databaseUrl, 'SELECT remaining FROM ticket ORDER BY remaining');
  return rows.map((row) => row.remaining);
}

test('a blob arrives bit by bit in the mailbox of the ticket', async () => {
  const blob = await makeBlob();
  expect((await upload(url, await ticketFor(recipient), blob.frame)).status).toBe(204);
  const theirs = await logIn(url, circle, recipient);
  expect((await listMailbox(url, theirs)).map(({ id }) => b64(id))).toContain(b64(blob.id));
  const [frame] = await readFrames(await fetchBlobs(url, theirs, [blob.id]));
  expect(Buffer.compare(frame?.blob ?? Buffer.of(), blob.blob)).toBe(0);
});

test('a ticket tells the size of a mailbox, and roughly its room', async () => {
  const [own] = (await drawTokens(url, token)) as [Bytes];
  const answer = await spendToken(url, own, recipient.keyHash);
  expect(await answer.json()).toEqual({
    ticket: expect.any(String),
    blobs: TICKET_BLOBS,
    room: 28_672,
    capacity: 32_768,
    expiresIn: 300,
  });
});

test('the same frame is accepted again and stored once', async () => {
  const { frame } = await makeBlob();
  const ticket = await ticketFor(recipient);
  const before = await countBlobs();
  const outcomes = await Promise.all([1, 2, 3, 4].map(async () => outcome(await upload(url, ticket, frame))));
  expect(outcomes).toEqual(['204', '204', '204', '204']);
  expect(await outcome(await upload(url, await ticketFor(recipient), frame))).toBe('204');
  expect(await countBlobs()).toBe(before + 1);
});

test('the same id with anything else is refused and changes nothing', async () => {
  const { frame, id } = await makeBlob();
  await upload(url, await ticketFor(recipient), frame);
  const stored = async () => (await sql(databaseUrl, 'SELECT * FROM blob WHERE id = $1', [id])).rows[0];
  const before = await stored();
  const ticket = await ticketFor(recipient);
  for (const at of [16, 48, 80, UPLOAD_FRAME_BYTES - 1]) {
    const other = frame.slice();
    other[at] = (other[at] as number) ^ 1;
    expect(await outcome(await upload(url, ticket, other))).toBe('409 blob_conflict');
  }
  expect(await outcome(await upload(url, await ticketFor(third), frame))).toBe('409 blob_conflict');
  expect(await stored()).toEqual(before);
});

test('an id whose blob has expired is free', async () => {
  const { frame, id } = await makeBlob();
  await upload(url, await ticketFor(recipient), frame);
  await sql(databaseUrl, 'UPDATE blob SET expiry_hour = 1 WHERE id = $1', [id]);
  expect(await outcome(await upload(url, await ticketFor(third), frame))).toBe('204');
  const { rows } = await sql(databaseUrl, 'SELECT mailbox, expiry_hour FROM blob WHERE id = $1', [id]);
  expect(rows[0].expiry_hour).toBeGreaterThan(400_000);
  expect(b64(rows[0].mailbox)).toBe(b64(third.keyHash));
});

test.each([
  ['one byte short', UPLOAD_FRAME_BYTES - 1, '400 bad_request'],
  ['one byte long', UPLOAD_FRAME_BYTES + 1, '413 payload_too_large'],
  ['empty', 0, '400 bad_request'],
  ['a bare blob', BLOB_BYTES, '400 bad_request'],
  ['a megabyte', 1_048_576, '413 payload_too_large'],
])('a frame that is %s is refused and costs nothing', async (_name, size, expected) => {
  await sql(databaseUrl, 'DELETE FROM ticket');
  const ticket = await ticketFor(recipient);
  const before = await countBlobs();
  expect(await outcome(await upload(url, ticket, new Uint8Array(size)))).toBe(expected);
  expect(await outcome(await uploadInPieces(ticket, size))).toBe(expected);
  expect(await countBlobs()).toBe(before);
  expect(await remaining()).toEqual([TICKET_BLOBS]);
});

/** Uploads without saying how much it will be. */
function uploadInPieces(ticket: Bytes, size: number): Promise<Response> {
  const body = new Blob([new Uint8Array(size)]).stream();
  const headers = {
    Authorization: `Relay-Ticket ${b64(ticket)}`,
    'Content-Type': 'application/octet-stream',
  };
  return fetch(url + ROUTES.blobs, { method: 'POST', headers, body, duplex: 'half' });
}

test('a body of another kind is refused', async () => {
  const ticket = await ticketFor(recipient);
  const { frame } = await makeBlob();
  for (const headers of [{ 'Content-Type': 'application/json' }, { 'Content-Encoding': 'gzip' }]) {
    const answer = await postBytes(url + ROUTES.blobs, frame, {
      Authorization: `Relay-Ticket ${b64(ticket)}`,
      ...(headers as Record<string, string>),
    });
    expect(await outcome(answer)).toBe('415 unsupported_media_type');
  }
});

test('an upload that ends early changes nothing', async () => {
  await sql(databaseUrl, 'DELETE FROM ticket');
  const ticket = await ticketFor(recipient);
  const before = await countBlobs();
  const headers = {
    Authorization: `Relay-Ticket ${b64(ticket)}`,
    'Content-Type': 'application/octet-stream',
    'Content-Length': UPLOAD_FRAME_BYTES,
  };
  const cut = request(url + ROUTES.blobs, { method: 'POST', headers });
  cut.on('error', () => undefined);
  cut.write(randomBytes(40_000));
  await once(cut, 'socket');
  await until('the bytes had left', () => (cut.socket?.bytesWritten ?? 0) > 40_000);
  cut.destroy();
  expect(await outcome(await upload(url, ticket, (await makeBlob()).frame))).toBe('204');
  expect(await countBlobs()).toBe(before + 1);
  expect(await remaining()).toEqual([TICKET_BLOBS - 1]);
});

test('a ticket carries 32 blobs, however many come at once', async () => {
  const ticket = await ticketFor(recipient);
  const before = await countBlobs();
  const frames = await Promise.all(Array.from({ length: 40 }, makeBlob));
  const outcomes = await Promise.all(
    frames.map(async ({ frame }) => outcome(await upload(url, ticket, frame))),
  );
  expect(outcomes.filter((result) => result === '204')).toHaveLength(TICKET_BLOBS);
  expect(outcomes.filter((result) => result === '401 ticket_invalid')).toHaveLength(8);
  expect(await countBlobs()).toBe(before + TICKET_BLOBS);
});

test('an expired, an invented and a malformed ticket are the same', async () => {
  const ticket = await ticketFor(recipient);
  await sql(databaseUrl, 'UPDATE ticket SET expiry_minute = 1');
  const { frame } = await makeBlob();
  const sent = [b64(ticket), b64(randomBytes(32)), 'x', ''];
  const heard = await Promise.all(
    sent.map(async (text) =>
      (await postBytes(url + ROUTES.blobs, frame, { Authorization: `Relay-Ticket ${text}` })).text(),
    ),
  );
  expect(new Set(heard).size).toBe(1);
  expect(heard[0]).toContain('ticket_invalid');
});

test('a mailbox without room for a ticket is full; expired blobs and tickets do not count', async () => {
  const small = await startRelay({ databaseUrl, mailboxMaxBlobs: 40 });
  const mailbox = third.keyHash;
  await sql(databaseUrl, 'DELETE FROM blob WHERE mailbox = $1', [mailbox]);
  const ticket = await buyTicket(small.url, token, mailbox);
  for (let i = 0; i < 9; i++)
    expect((await upload(small.url, ticket, (await makeBlob()).frame)).status).toBe(204);
  await expect(buyTicket(small.url, token, mailbox)).rejects.toThrow('mailbox_full');
  await sql(databaseUrl, 'UPDATE ticket SET expiry_minute = 1');
  await expect(buyTicket(small.url, token, mailbox)).rejects.toThrow('mailbox_full');
  await sql(
    databaseUrl,
    'UPDATE blob SET expiry_hour = 1 WHERE id IN (SELECT id FROM blob WHERE mailbox = $1 LIMIT 1)',
    [mailbox],
  );
  await buyTicket(small.url, token, mailbox);
  await small.close();
});

test('what tickets may still bring counts as taken: many bought at once, at two processes, fill a mailbox and no more', async () => {
  const most = 2 * TICKET_BLOBS;
  const [one, two] = await Promise.all([0, 1].map(() => startRelay({ databaseUrl, mailboxMaxBlobs: most })));
  onTestFinished(() => Promise.all([one?.close(), two?.close()]).then(() => undefined));
  const mailbox = third.keyHash;
  await sql(databaseUrl, 'DELETE FROM blob');
  await sql(databaseUrl, 'DELETE FROM ticket');
  const buy = (relay: Relay | undefined) => buyTicket((relay as Relay).url, token, mailbox);
  const tickets = [await buy(one)];
  const rush = await Promise.allSettled(Array.from({ length: 6 }, () => buy(two)));
  for (const sale of rush) if (sale.status === 'fulfilled') tickets.push(sale.value);
  expect(tickets).toHaveLength(2);
  for (const relay of [one, two]) await expect(buy(relay)).rejects.toThrow('mailbox_full');
  const frames = await Promise.all(Array.from({ length: most }, makeBlob));
  const outcomes = await Promise.all(
    frames.map(async ({ frame }, i) => outcome(await upload(url, tickets[i % 2] as Bytes, frame))),
  );
  expect(new Set(outcomes)).toEqual(new Set(['204']));
  expect(await countBlobs()).toBe(most);
  for (const relay of [one, two]) await expect(buy(relay)).rejects.toThrow('mailbox_full');
});
