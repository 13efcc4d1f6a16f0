import type { Bytes } from '@relay/protocol/wire';
import { b64, concat, hex, ROUTES, randomBytes } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bearer,
  buyTicket,
  deleteBlobs,
  fetchBlobs,
  listMailbox,
  makeBlob,
  outcome,
  postBytes,
  readBlobs,
  upload,
  uploadBlobs,
} from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle, makeMember, prove } from '../support/member.ts';
import type { TestProcess } from '../support/process.ts';
import { startProcess, startRelayProcess } from '../support/process.ts';
import { makeRoom, sitterOf } from '../support/rooms.ts';
import { connectSocket } from '../support/socket.ts';
import { until } from '../support/until.ts';

const AGENT = 'agent-of-a-member/7';
const circle = await makeCircle();
const [alice, bob] = circle.members as [TestMember, TestMember];
let databaseUrl: string;
let relay: TestProcess & { url: string };
let worker: TestProcess;
const secrets: Bytes[] = [];
const ids: Bytes[] = [];

// A busy run with everything that goes well and much that does not.
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelayProcess(databaseUrl, { LOG_LEVEL: 'debug' });
  const { url } = relay;
  const [token, theirs] = [await logIn(url, circle, alice), await logIn(url, circle, bob)];
  const ticket = await buyTicket(url, token, bob.keyHash);
  const socket = await connectSocket(url, theirs);
  const blobs = await uploadBlobs(url, token, bob.keyHash, 40);
  ids.push(...blobs.map(({ id }) => id));
  secrets.push(
    token,
    theirs,
    ticket,
    ...blobs.flatMap(({ readSecret, deleteSecret }) => [readSecret, deleteSecret]),
  );
  const [first, second] = blobs as [(typeof blobs)[0], (typeof blobs)[0]];
  const conflicting = first.frame.slice().fill(1, 100);
  const headers = { ...bearer(theirs), 'User-Agent': AGENT, 'X-Forwarded-For': '203.0.113.7' };
  expect(await listMailbox(url, theirs)).toHaveLength(40);
  expect([
    await outcome(await upload(url, ticket, conflicting)),
    await outcome(await upload(url, ticket, (await makeBlob()).frame.subarray(1))),
    await outcome(await prove(url, circle, await makeMember())),
    await outcome(await postBytes(`${url}${ROUTES.mailboxFetch}?member=alice`, concat(...ids), headers)),
    await outcome(await fetch(`${url}/v1/mailbox/${hex(alice.keyHash)}`, { headers })),
    await outcome(await fetchBlobs(url, token, ids)),
    await outcome(await readBlobs(url, [{ id: first.id, secret: first.readSecret }])),
  ]).toEqual([
    '409 blob_conflict',
    '400 bad_request',
    '401 unauthenticated',
    '200',
    '404 not_found',
    '200',
    '200',
  ]);
  expect(await deleteBlobs(url, [{ id: second.id, secret: second.deleteSecret }])).toBe(1);
  expect(await socket.ask('whisper', b64(alice.keyHash))).toBe('bad_request');
  // A call: two in a room, a signal, and a proof that does not hold.
  const room = await makeRoom();
  const [here, there] = [
    sitterOf(url, circle, bob, socket),
    sitterOf(url, circle, alice, await connectSocket(url, token)),
  ];
  await here.join(room);
  await there.join(room);
  expect(await there.signal(here.seat, randomBytes(4_096))).toBe('ok');
  ids.push(room.id, room.publicKey, here.seat, there.seat);
  expect(await there.join(room, { keyHash: bob.keyHash })).toBe('room_refused');
  there.socket.close();
  // A fault that the relay does not know, with a value in its message.
  await sql(databaseUrl, 'ALTER TABLE blob ADD CONSTRAINT no_more CHECK (false) NOT VALID');
  expect(await outcome(await upload(url, ticket, (await makeBlob()).frame))).toBe('500 internal');
  await sql(databaseUrl, 'ALTER TABLE blob DROP CONSTRAINT no_more');
  await sql(databaseUrl, 'UPDATE blob SET expiry_hour = 1 WHERE id = $1', [first.id]);
  worker = startProcess('worker', { DATABASE_URL: databaseUrl, LOG_LEVEL: 'debug' });
  await until('the worker had swept', () => worker.output().includes('"swept"'));
  socket.close();
  expect(await worker.end('SIGTERM')).toBe(0);
});
afterAll(() => relay.end('SIGTERM'));

/** A value in every spelling that a log or a table could hold. */
const spellings = (bytes: Uint8Array) => [
  hex(bytes),
  b64(bytes),
  Buffer.from(bytes).toString('base64'),
  Buffer.from(bytes).toJSON().data.join(','),
];

test('the logs say what happens to the system and nothing about anyone', () => {
  const logs = relay.output() + worker.output();
  expect(logs).toContain('internal fault');
  expect(logs).toContain('23514');
  const identifying = [
    ...ids,
    ...secrets,
    circle.circleId,
    ...circle.members.map(({ keyHash }) => keyHash),
  ].flatMap(spellings);
  for (const text of [
    ...identifying,
    AGENT,
    '127.0.0.1',
    '203.0.113',
    '::1',
    '/v1/',
    'POST',
    'GET',
    'alice',
    'Failing row',
    databaseUrl,
  ]) {
    expect(logs.includes(text), `a log with ${text}`).toBe(false);
  }
});

test('the worker logs no figures', () => {
  const lines = worker
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const keys = new Set(lines.flatMap((line) => Object.keys(line)));
  expect([...keys].sort()).toEqual(['level', 'msg', 'part', 'time']);
});

test('the database has these columns, so no time but of expiry, no counter, no address', async () => {
  const { rows } = await sql(
    databaseUrl,
    `SELECT table_name || '.' || column_name || ' ' || data_type AS line FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1`,
  );
  expect(rows.map((row) => row.line)).toEqual([
    'blob.body bytea',
    'blob.delete_hash bytea',
    'blob.expiry_hour integer',
    'blob.id bytea',
    'blob.mailbox bytea',
    'blob.read_hash bytea',
    'challenge.expiry_minute integer',
    'challenge.nonce bytea',
    'circle.circle_id bytea',
    'circle.only boolean',
    'issuer_key.epoch integer',
    'issuer_key.public_key bytea',
    'issuer_key.secret bytea',
    'member.key_hash bytea',
    'roster_update.body bytea',
    'roster_update.only boolean',
    'session.expiry_minute integer',
    'session.key_hash bytea',
    'session.token_hash bytea',
    'spent_token.epoch integer',
    'spent_token.nonce_hash bytea',
    'ticket.expiry_minute integer',
    'ticket.mailbox bytea',
    'ticket.remaining smallint',
    'ticket.ticket_hash bytea',
    'token_draw.batches integer',
    'token_draw.day integer',
    'token_draw.key_hash bytea',
  ]);
  const sequences = await sql(databaseUrl, "SELECT 1 FROM pg_class WHERE relkind = 'S'");
  expect(sequences.rowCount).toBe(0);
});

test('no row holds a secret, an address, or who sent a blob', async () => {
  const tables = ['circle', 'member', 'challenge', 'session', 'ticket', 'blob', 'roster_update'];
  const dumps = await Promise.all(
    tables.map(async (table) =>
      (await sql(databaseUrl, `SELECT ${table}::text AS line FROM ${table}`)).rows.map((row) => row.line),
    ),
  );
  const dump = dumps.flat().join('\n');
  expect(dump).toContain(hex(bob.keyHash));
  expect(dump.length).toBeGreaterThan(38 * 131_072);
  for (const secret of secrets) expect(dump).not.toContain(hex(secret));
  for (const text of [AGENT, '127.0.0.1', '203.0.113.7', 'localhost']) {
    expect(dump).not.toContain(text);
    expect(dump).not.toContain(Buffer.from(text).toString('hex'));
  }
  for (const table of ['ticket', 'blob']) {
    const lines = dumps[tables.indexOf(table)] as string[];
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toContain(hex(alice.keyHash));
  }
});

test('bodies are 65,536 bytes, uncompressed and out of line', async () => {
  const { rows } = await sql(
    databaseUrl,
    'SELECT DISTINCT octet_length(body) AS length, pg_column_size(body) AS stored FROM blob',
  );
  expect(rows).toEqual([{ length: 65_536, stored: 65_536 }]);
  const inline = await sql(databaseUrl, "SELECT pg_relation_size('blob')::integer AS size");
  expect(inline.rows[0].size).toBeLessThan(65_536);
});

test('what lives for minutes is unlogged', async () => {
  const { rows } = await sql(
    databaseUrl,
    "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r' ORDER BY relname",
  );
  expect(rows.map((row) => row.relname)).toEqual(['challenge', 'session', 'ticket', 'token_draw']);
});

test('no statement that the database shows or logs has an id or a key in its text', async () => {
  // What a connection did last is shown for as long as it is open, and idle ones are closed.
  await (await readBlobs(relay.url, [{ id: randomBytes(16), secret: randomBytes(32) }])).arrayBuffer();
  const { rows } = await sql(
    databaseUrl,
    "SELECT string_agg(query, ' ') AS text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  expect(rows[0].text).toContain('COPY');
  for (const value of [...ids, alice.keyHash, bob.keyHash]) expect(rows[0].text).not.toContain(hex(value));
});
