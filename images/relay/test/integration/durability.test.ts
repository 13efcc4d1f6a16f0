import type { Bytes } from '@relay/protocol/wire';
import { b64 } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestBlob } from '../support/client.ts';
import { buyTicket, fetchBlobs, makeBlob, readFrames, upload } from '../support/client.ts';
import { sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import type { OwnPostgres } from '../support/postgres.ts';
import { startOwnPostgres } from '../support/postgres.ts';
import { startRelayProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
const [alice, bob] = circle.members as [TestMember, TestMember];
let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres(circle);
});
afterAll(() => postgres.remove());

/** Uploads until something breaks; every blob that was acknowledged is added to the list. */
async function uploadForever(url: string, token: Bytes, acknowledged: TestBlob[]): Promise<void> {
  try {
    for (;;) {
      const ticket = await buyTicket(url, token, bob.keyHash);
      for (let i = 0; i < 32; i++) {
        const blob = await makeBlob();
        if ((await upload(url, ticket, blob.frame)).status !== 204) return;
        acknowledged.push(blob);
      }
    }
  } catch {
    // The relay is gone.
  }
}

test('every acknowledged blob is there, bit by bit, after relay and PostgreSQL were killed during uploads', async () => {
  const relay = await startRelayProcess(postgres.url);
  const token = await logIn(relay.url, circle, alice);
  const acknowledged: TestBlob[] = [];
  const uploads = Promise.all(Array.from({ length: 8 }, () => uploadForever(relay.url, token, acknowledged)));
  await until('uploads were under way', () => acknowledged.length >= 150);
  await Promise.all([relay.end('SIGKILL'), postgres.kill9()]);
  await uploads;
  await postgres.restart();

  const after = await startRelayProcess(postgres.url);
  const reader = await logIn(after.url, circle, bob);
  for (let i = 0; i < acknowledged.length; i += 256) {
    const batch = acknowledged.slice(i, i + 256);
    const ids = batch.map(({ id }) => id);
    const frames = new Map(
      (await readFrames(await fetchBlobs(after.url, reader, ids))).map(({ id, blob }) => [b64(id), blob]),
    );
    for (const { id, blob } of batch) {
      expect(Buffer.compare(frames.get(b64(id)) ?? Buffer.of(), blob)).toBe(0);
    }
  }
  expect(await after.end('SIGTERM')).toBe(0);
});

test('what was acknowledged survives a crash of PostgreSQL whose own default is not to wait for the disk', async () => {
  await sql(postgres.url, 'ALTER SYSTEM SET synchronous_commit = off');
  await sql(postgres.url, 'SELECT pg_reload_conf()');
  const relay = await startRelayProcess(postgres.url);
  const { blob, frame, id } = await makeBlob();
  const ticket = await buyTicket(relay.url, await logIn(relay.url, circle, alice), bob.keyHash);
  expect((await upload(relay.url, ticket, frame)).status).toBe(204);
  await postgres.kill9();
  await postgres.restart();
  await until('the relay was ready', async () => (await fetch(`${relay.url}/readyz`)).status === 204);
  const [found] = await readFrames(await fetchBlobs(relay.url, await logIn(relay.url, circle, bob), [id]));
  expect(Buffer.compare(found?.blob ?? Buffer.of(), blob)).toBe(0);
  expect(await relay.end('SIGTERM')).toBe(0);
});
