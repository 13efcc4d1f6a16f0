import { once } from 'node:events';
import { ROSTER_UPDATE_BYTES } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/admin.ts';
import { applyGrants } from '../../src/database/grants.ts';
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
  upload,
  uploadBlobs,
} from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { startProcess, startRelayProcess } from '../support/process.ts';
import type { Role, RolesDatabase } from '../support/roles.ts';
import { listRights, startRolesDatabase } from '../support/roles.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
const [sender, recipient] = circle.members as [TestMember, TestMember];
let database: RolesDatabase;
beforeAll(async () => {
  database = await startRolesDatabase();
});
afterAll(() => database.remove());

const RIGHTS = `
relay_admin: delete blob
relay_admin: delete member
relay_admin: insert circle
relay_admin: insert member
relay_admin: insert roster_update
relay_admin: maintain blob
relay_admin: select _prisma_migrations (checksum)
relay_admin: select _prisma_migrations (finished_at)
relay_admin: select _prisma_migrations (migration_name)
relay_admin: select _prisma_migrations (rolled_back_at)
relay_admin: select blob (expiry_hour)
relay_admin: select blob (mailbox)
relay_admin: select circle
relay_admin: select member
relay_admin: select roster_update
relay_admin: update roster_update (body)
relay_relay: delete blob
relay_relay: delete challenge
relay_relay: delete session
relay_relay: insert blob
relay_relay: insert challenge
relay_relay: insert issuer_key
relay_relay: insert session
relay_relay: insert spent_token
relay_relay: insert ticket
relay_relay: insert token_draw
relay_relay: select _prisma_migrations (finished_at)
relay_relay: select _prisma_migrations (migration_name)
relay_relay: select _prisma_migrations (rolled_back_at)
relay_relay: select blob
relay_relay: select challenge
relay_relay: select circle
relay_relay: select issuer_key
relay_relay: select member
relay_relay: select roster_update
relay_relay: select session
relay_relay: select spent_token
relay_relay: select ticket
relay_relay: select token_draw
relay_relay: update blob (body)
relay_relay: update blob (delete_hash)
relay_relay: update blob (expiry_hour)
relay_relay: update blob (mailbox)
relay_relay: update blob (read_hash)
relay_relay: update ticket (remaining)
relay_relay: update token_draw (batches)
relay_relay: update token_draw (day)
relay_worker: delete blob
relay_worker: delete challenge
relay_worker: delete issuer_key
relay_worker: delete session
relay_worker: delete spent_token
relay_worker: delete ticket
relay_worker: delete token_draw
relay_worker: insert issuer_key
relay_worker: insert spent_token
relay_worker: maintain blob
relay_worker: maintain challenge
relay_worker: maintain session
relay_worker: maintain spent_token
relay_worker: maintain ticket
relay_worker: maintain token_draw
relay_worker: select blob (expiry_hour)
relay_worker: select blob (id)
relay_worker: select challenge (expiry_minute)
relay_worker: select issuer_key
relay_worker: select session (expiry_minute)
relay_worker: select spent_token
relay_worker: select ticket (expiry_minute)
relay_worker: select token_draw (day)
relay_worker: update blob (delete_hash)`;

test('each role has the rights that are listed, and loses any other', async () => {
  const rights = RIGHTS.trim().split('\n');
  expect(await listRights(database.superuser)).toEqual(rights);
  await sql(
    database.as.owner,
    'GRANT ALL ON blob, session TO relay_admin; GRANT SELECT (body) ON blob TO relay_worker',
  );
  const migrations = [1, 2].map(() => startProcess('migrate', { DATABASE_URL: database.as.owner }));
  await Promise.all(migrations.map(({ child }) => once(child, 'exit')));
  expect(await listRights(database.superuser)).toEqual(rights);
});

test('where the roles do not exist, nothing is done', async () => {
  const url = await makeDatabase();
  await applyGrants(url);
  expect((await sql(url, 'SELECT relacl FROM pg_class WHERE relname = $1', ['blob'])).rows).toEqual([
    { relacl: null },
  ]);
});

test('the processes do all their work, each as its role', async () => {
  const admin = connect(database.as.admin);
  const update = (byte: number) => Uint8Array.from(Buffer.alloc(ROSTER_UPDATE_BYTES, byte));
  expect(await admin.seed(circle.allowlist, { prune: false })).toMatchObject({ added: 3 });
  expect(await admin.seed(circle.allowlist, { prune: false })).toMatchObject({ added: 0, unchanged: 3 });
  for (const byte of [1, 2]) await admin.publishRosterUpdate(update(byte));

  const relay = await startRelayProcess(database.as.relay);
  onTestFinished(() => void relay.child.kill('SIGKILL'));
  const { url } = relay;
  const [token, theirs] = [await logIn(url, circle, sender), await logIn(url, circle, recipient)];
  const blobs = await uploadBlobs(url, token, recipient.keyHash, 5);
  const [first, second, third] = blobs as [(typeof blobs)[0], (typeof blobs)[0], (typeof blobs)[0]];
  expect(await listMailbox(url, theirs)).toHaveLength(5);
  expect(await readFrames(await fetchBlobs(url, theirs, [first.id]))).toHaveLength(1);
  expect(await readFrames(await readBlobs(url, [{ id: first.id, secret: first.readSecret }]))).toHaveLength(
    1,
  );
  expect(await deleteBlobs(url, [{ id: first.id, secret: first.deleteSecret }])).toBe(1);
  const ticket = await buyTicket(url, token, recipient.keyHash);
  expect(await outcome(await upload(url, ticket, second.frame))).toBe('204');
  expect((await postBytes(`${url}/v1/mailbox/delete`, second.id, bearer(theirs))).status).toBe(200);
  expect((await fetch(`${url}/v1/roster-update`, { headers: bearer(token) })).status).toBe(200);

  const counted = (await admin.listMembers()).filter((member) => member.blobs > 0);
  expect(counted).toEqual([{ keyHash: recipient.keyHash, blobs: 3 }]);
  expect(await admin.totals()).toMatchObject({ members: 3, blobs: 3, expired: 0 });
  expect(await admin.migrations()).toEqual({ pending: [], misfit: undefined });
  expect((await admin.countByDay()).reduce((sum, { blobs }) => sum + blobs, 0)).toBe(3);

  // An expired blob gives its id to a new one; the worker takes what is left of them.
  await sql(database.superuser, 'UPDATE blob SET expiry_hour = 1');
  expect(await outcome(await upload(url, ticket, third.frame))).toBe('204');
  await sql(database.superuser, `INSERT INTO challenge VALUES (sha256('a'), 1)`);
  const worker = startProcess('worker', { DATABASE_URL: database.as.worker });
  onTestFinished(() => void worker.child.kill('SIGKILL'));
  await until('the worker swept', () => worker.output().includes('swept'));
  for (const [table, left] of Object.entries({ blob: 1, challenge: 0 }))
    expect((await sql(database.superuser, `SELECT FROM ${table}`)).rowCount, table).toBe(left);
  const vacuums = `SELECT vacuum_count::integer AS n FROM pg_stat_user_tables WHERE relname = 'blob'`;
  await until('the table was vacuumed', async () => (await sql(database.superuser, vacuums)).rows[0].n > 0);
  expect(await worker.end('SIGTERM')).toBe(0);

  await sql(database.superuser, 'UPDATE blob SET expiry_hour = 1');
  expect(await admin.removeBlobs('expired')).toBe(1);

  // Whoever is removed is out at once, with mailbox and sessions.
  const others = { ...circle.allowlist, keyHashes: [sender.keyHash] };
  expect(await admin.seed(others, { prune: true })).toMatchObject({ removed: 2 });
  expect(await outcome(await postBytes(`${url}/v1/mailbox/fetch`, third.id, bearer(theirs)))).toBe(
    '401 unauthenticated',
  );
  expect((await fetch(`${url}/v1/sessions/end`, { method: 'POST', headers: bearer(token) })).status).toBe(
    204,
  );
  expect(await relay.end('SIGTERM')).toBe(0);
  expect(relay.output()).not.toMatch(/"level":[456]0/);
  await admin.close();
});

const EVERYONE = ['relay', 'worker', 'admin'] as const;
const REFUSED: [string, readonly Role[]][] = [
  ['DROP TABLE blob', EVERYONE],
  ['TRUNCATE blob', EVERYONE],
  ['ALTER TABLE blob ADD COLUMN sender bytea', EVERYONE],
  ['ALTER TABLE session DISABLE TRIGGER ALL', EVERYONE],
  ['CREATE TABLE note (line text)', EVERYONE],
  ['CREATE TEMPORARY TABLE note (line text)', EVERYONE],
  ['CREATE SCHEMA note', EVERYONE],
  ['CREATE DATABASE note', EVERYONE],
  ['CREATE ROLE note', EVERYONE],
  ['ALTER ROLE relay_owner PASSWORD NULL', EVERYONE],
  ['SET ROLE relay_owner', EVERYONE],
  ['SELECT pg_read_file($$/etc/passwd$$)', EVERYONE],
  [`COPY (SELECT 1) TO PROGRAM 'true'`, EVERYONE],
  ['SELECT checksum FROM _prisma_migrations', ['relay', 'worker']],
  ['SELECT logs FROM _prisma_migrations', EVERYONE],
  ['DELETE FROM _prisma_migrations', EVERYONE],
  ['DELETE FROM circle', EVERYONE],
  ['DELETE FROM roster_update', EVERYONE],
  [`INSERT INTO member VALUES (sha256(''))`, ['relay', 'worker']],
  ['DELETE FROM member', ['relay', 'worker']],
  ['UPDATE roster_update SET body = body', ['relay', 'worker']],
  ['SELECT body FROM blob', ['worker', 'admin']],
  ['SELECT read_hash FROM blob', ['worker', 'admin']],
  ['SELECT mailbox FROM blob', ['worker']],
  ['UPDATE blob SET expiry_hour = 2', ['worker', 'admin']],
  ['SELECT key_hash FROM session', ['worker', 'admin']],
  ['SELECT mailbox FROM ticket', ['worker', 'admin']],
  ['UPDATE ticket SET expiry_minute = 1', EVERYONE],
  [`SELECT rewrite_blobs('', 0, 0, 0)`, ['relay', 'admin']],
  ['SELECT rewrite_draws()', ['relay', 'admin']],
  ['SELECT pg_switch_wal()', ['relay', 'admin']],
  ['CHECKPOINT', ['relay', 'admin']],
];

test.each(REFUSED)('%s is refused', async (statement, roles) => {
  for (const role of roles) {
    await expect(sql(database.as[role], statement), role).rejects.toMatchObject({ code: '42501' });
  }
});
