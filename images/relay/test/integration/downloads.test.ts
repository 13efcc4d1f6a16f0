import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import type { Bytes } from '@relay/protocol/wire';
import { BLOB_FRAME_BYTES, b64, concat, MAX_IDS_PER_REQUEST, ROUTES } from '@relay/protocol/wire';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyFrames } from '../../src/blobs/copy.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import type { TestBlob } from '../support/client.ts';
import { bearer, fetchBlobs, readBlobs, readFrames, uploadBlobs } from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { until } from '../support/until.ts';

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
  blobs = await uploadBlobs(url, await logIn(url, circle, sender), recipient.keyHash, MAX_IDS_PER_REQUEST);
});
afterAll(() => relay.close());

const ids = () => blobs.map(({ id }) => id);

/** Backends of this database that are copying out. */
async function copying(): Promise<number> {
  const text = `SELECT count(*)::integer AS n FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'COPY%' AND state <> 'idle'`;
  return (await sql(databaseUrl, text)).rows[0].n;
}

/** Asks for everything and reads nothing yet. */
async function beginFetch(): Promise<IncomingMessage> {
  const headers = { ...bearer(token), 'Content-Type': 'application/octet-stream' };
  const asking = request(url + ROUTES.mailboxFetch, { method: 'POST', headers });
  asking.on('error', () => undefined);
  asking.end(concat(...ids()));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return response;
}

test('256 blobs come intact in one stream', async () => {
  const frames = await readFrames(await fetchBlobs(url, token, ids()));
  expect(frames).toHaveLength(MAX_IDS_PER_REQUEST);
  const received = new Map(frames.map(({ id, blob }) => [b64(id), blob]));
  for (const { id, blob } of blobs) {
    expect(Buffer.compare(received.get(b64(id)) ?? Buffer.of(), blob)).toBe(0);
  }
});

test('one id is the single fetch', async () => {
  const response = await fetchBlobs(url, token, ids().slice(0, 1));
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect((await response.arrayBuffer()).byteLength).toBe(BLOB_FRAME_BYTES);
});

test('readers that leave, more than there are connections, leak none', async () => {
  for (let round = 0; round < 5; round++) {
    const readers = await Promise.all(Array.from({ length: 4 }, beginFetch));
    for (const reader of readers) reader.destroy();
  }
  await until('no backend was copying', async () => (await copying()) === 0);
  expect(await readFrames(await fetchBlobs(url, token, ids()))).toHaveLength(MAX_IDS_PER_REQUEST);
});

test('slow readers hold up nothing but other downloads of their member', async () => {
  const readers = await Promise.all(Array.from({ length: 6 }, beginFetch));
  let isServed = false;
  const more = fetchBlobs(url, token, ids()).finally(() => {
    isServed = true;
  });
  const session = await logIn(url, circle, sender);
  const [blob] = await uploadBlobs(url, session, sender.keyHash, 1);
  const { id, readSecret: secret } = blob as NonNullable<typeof blob>;
  expect(await readFrames(await fetchBlobs(url, session, [id]))).toHaveLength(1);
  expect(await readFrames(await readBlobs(url, [{ id, secret }]))).toHaveLength(1);
  expect((await fetch(`${url}${ROUTES.mailbox}`, { headers: bearer(token) })).status).toBe(200);
  expect(isServed).toBe(false);
  // A backend may be done long before its reader: what is left of its rows fits into the system's buffers, now and then.
  expect(await copying()).toBeLessThanOrEqual(6);
  for (const reader of readers) reader.destroy();
  expect(await readFrames(await more)).toHaveLength(MAX_IDS_PER_REQUEST);
  await until('no backend was copying', async () => (await copying()) === 0);
});

test('a database fault in mid-stream cuts the stream, and the next one is whole', async () => {
  const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'COPY%' AND state <> 'idle'`;
  let reader = await beginFetch();
  // A backend that was done at once, since all of its rows fit into the system's buffers, cannot fail any more.
  for (let tries = 1; (await sql(databaseUrl, kill)).rowCount === 0; tries++) {
    expect(tries, 'no backend was copying, however often it was tried').toBeLessThan(50);
    reader.destroy();
    reader = await beginFetch();
  }
  let size = 0;
  const drain = async () => {
    for await (const piece of reader) size += (piece as Buffer).length;
  };
  await expect(drain()).rejects.toThrow();
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThan(MAX_IDS_PER_REQUEST * BLOB_FRAME_BYTES);
  expect(await readFrames(await fetchBlobs(url, token, ids()))).toHaveLength(MAX_IDS_PER_REQUEST);
});

test('a reader that leaves while the database is busy gives its connection back at once', async () => {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  const busy = new Client({ connectionString: databaseUrl });
  await busy.connect();
  await busy.query('BEGIN');
  await busy.query('LOCK TABLE blob');
  const gone = new AbortController();
  const reading = copyFrames(
    pool,
    { select: 'SELECT id || body FROM blob', parameters: { hour: '0' } },
    gone.signal,
  ).next();
  await until('it waited', async () => (await copying()) === 1);
  gone.abort();
  await expect(reading).rejects.toThrow();
  await pool.query('SELECT 1');
  await busy.end();
  await pool.end();
});
