import { b64, EXPIRY_JITTER_HOURS, RETENTION_HOURS } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/pools.ts';
import { openDatabase } from '../../src/database/pools.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { DAY_MS, HOUR_MS } from '../../src/time.ts';
import type { OrderWork } from '../../src/worker/order.ts';
import { createOrderWork } from '../../src/worker/order.ts';
import { postgresSettings } from '../support/appliance.ts';
import type { TestBlob } from '../support/client.ts';
import { deleteBlobs, fetchBlobs, readFrames, uploadBlobs } from '../support/client.ts';
import { seed, sql } from '../support/database.ts';
import { putFigures } from '../support/figures.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import type { RolesDatabase } from '../support/roles.ts';
import { startRolesDatabase } from '../support/roles.ts';
import type { Trace } from '../support/traces.ts';
import { measureTraces, showTraces } from '../support/traces.ts';
import { untilReady } from '../support/until.ts';

/** Blobs that are followed; 2,000 for figures, some for every day. */
const BLOBS = Number(process.env.RELAY_ORDER_BLOBS ?? 320);
const FEW = 64;
const LONG = 60_000 + BLOBS * 100;

const circle = await makeCircle(5);
const owners = circle.members.slice(1);
// Noon, so that what comes later comes on the same day.
const clock = { now: (Math.floor(Date.now() / DAY_MS) + 0.5) * DAY_MS };
let database: RolesDatabase;
let relay: Relay;
let worker: Database;
let order: OrderWork;
beforeAll(async () => {
  database = await startRolesDatabase({ settings: postgresSettings() });
  await seed(database.as.owner, circle);
  relay = await startRelay({ databaseUrl: database.as.relay, now: () => clock.now });
  await untilReady(relay.url);
  worker = openDatabase(database.as.worker, { statements: 1, streams: 1 });
  order = createOrderWork(worker.pool, () => clock.now);
});
afterAll(async () => {
  const command = `RELAY_FIGURES=write RELAY_ORDER_BLOBS=${BLOBS} npx vitest run --project=integration images/relay/test/integration/ordering.test.ts`;
  putFigures('ordering', command, shown.join('\n\n'));
  await worker.close();
  await relay.close();
  await database.remove();
});

/** Sends blobs to each of the others by turns, one after the other. */
async function send(count: number): Promise<TestBlob[]> {
  const token = await logIn(relay.url, circle, circle.members[0] as TestMember);
  const sent: TestBlob[] = [];
  for (let i = 0; sent.length < count; i++)
    sent.push(...(await uploadBlobs(relay.url, token, (owners[i % owners.length] as TestMember).keyHash, 4)));
  return sent;
}

const shown: string[] = [];
function show(title: string, traces: ReadonlyMap<string, Trace>): void {
  shown.push(showTraces(title, traces));
  process.stdout.write(`\n${shown.at(-1)}\n`);
}
/** How many of them are in the last hour of expiry of their day, which is the next day's first: they are written anew with that day, when any came. */
async function inSharedHour(blobs: readonly TestBlob[]): Promise<number> {
  const hour = (clock.now / DAY_MS + 0.5) * 24 + RETENTION_HOURS + EXPIRY_JITTER_HOURS;
  const { rows } = await sql(
    database.superuser,
    'SELECT count(*)::integer AS n FROM blob WHERE expiry_hour = $1 AND id = ANY ($2)',
    [hour, blobs.map(({ id }) => Buffer.from(id))],
  );
  return rows[0].n;
}

/** What stands in rows that are there, and what tells how they came. */
const LIVE = /^(row|body|blob_)/;
const ROWS = /^(row|body)/;

/** Blobs that came before the first hour was over, and after. */
let early: TestBlob[];
let late: TestBlob[];

test('as PostgreSQL stores them, rows tell the order in which they came almost perfectly', {
  timeout: LONG,
}, async () => {
  early = await send(BLOBS);
  const traces = await measureTraces(database, early);
  show(`${BLOBS} blobs, as they came:`, traces);
  for (const [name, { found, tau }] of traces) {
    if (LIVE.test(name)) expect([name, found]).toEqual([name, BLOBS]);
    if (ROWS.test(name)) expect(tau, name).toBeGreaterThan(0.7);
  }
  expect(traces.get('write-ahead log')?.tau).toBeGreaterThan(0.9);
});

test('after the hour rows tell nothing of the order, and neither log nor queue has them', {
  timeout: LONG,
}, async () => {
  expect(await order.tick()).toBe(BLOBS);
  const traces = await measureTraces(database, early);
  show(`${BLOBS} blobs, after the worker has written them anew:`, traces);
  for (const [name, { found, tau, deviation }] of traces) {
    if (!LIVE.test(name)) continue;
    expect([name, found]).toEqual([name, BLOBS]);
    expect(Math.abs(tau), name).toBeLessThan(5 * deviation);
  }
  expect(traces.get('queue of announcements')?.found).toBe(0);
  // Where pages are read for the first time, images of them are logged, as they are now.
  const { tau, deviation } = traces.get('write-ahead log') as Trace;
  expect(Math.abs(tau)).toBeLessThanOrEqual(5 * deviation);
});

test('what came since lies as it came, until the next hour mixes it with all of the day', {
  timeout: LONG,
}, async () => {
  late = await send(FEW);
  expect(await order.tick()).toBeUndefined();
  const before = await measureTraces(database, late);
  show(`${FEW} blobs that came after that:`, before);
  expect(before.get('row: xmin')?.tau).toBeGreaterThan(0.99);

  const [shared, added] = [await inSharedHour(early), await inSharedHour(late)];
  clock.now += HOUR_MS;
  expect(await order.tick()).toBe(BLOBS + FEW - (added > 0 ? 0 : shared));
  const after = await measureTraces(database, [...early, ...late]);
  show(`All of them, an hour later:`, after);
  for (const [name, { tau, deviation }] of after)
    if (LIVE.test(name)) expect(Math.abs(tau), name).toBeLessThan(5 * deviation);
  // What was left as it came is written over by then, or nearly all of it.
  const left = after.get('left of bodies (in the free space of pages)') as Trace;
  expect(Math.abs(left.tau)).toBeLessThan(0.5);
});

test('every blob is there, once and bit by bit, after it was written anew', { timeout: LONG }, async () => {
  const all = [...early, ...late];
  const found = new Map<string, Uint8Array>();
  for (const owner of owners) {
    const token = await logIn(relay.url, circle, owner);
    for (let i = 0; i < all.length; i += 256) {
      const ids = all.slice(i, i + 256).map(({ id }) => id);
      for (const { id, blob } of await readFrames(await fetchBlobs(relay.url, token, ids))) {
        expect(found.has(b64(id))).toBe(false);
        found.set(b64(id), blob);
      }
    }
  }
  for (const { id, blob } of all) expect(Buffer.compare(found.get(b64(id)) ?? Buffer.of(), blob)).toBe(0);
});

test('what came is mixed with the day also where as much went meanwhile', { timeout: LONG }, async () => {
  clock.now += HOUR_MS;
  expect(await order.tick()).toBe(0);
  const hours = await sql(
    database.superuser,
    'SELECT id, expiry_hour FROM blob ORDER BY expiry_hour LIMIT 1',
  );
  const [{ id, expiry_hour: hour }] = hours.rows as [{ id: Buffer; expiry_hour: number }];
  const gone = [...early, ...late].find((blob) => id.equals(blob.id)) as TestBlob;
  const token = await logIn(relay.url, circle, circle.members[0] as TestMember);
  const [came] = await uploadBlobs(relay.url, token, (owners[0] as TestMember).keyHash, 1);
  expect(await deleteBlobs(relay.url, [{ id: gone.id, secret: gone.deleteSecret }])).toBe(1);
  await sql(database.superuser, 'UPDATE blob SET expiry_hour = $1 WHERE id = $2', [
    hour,
    Buffer.from((came as TestBlob).id),
  ]);
  clock.now += HOUR_MS;
  expect(await order.tick()).toBeGreaterThan(0);
});

test('a day that is over is written twice more, then never again, and nothing where nothing came', {
  timeout: LONG,
}, async () => {
  clock.now += HOUR_MS;
  expect(await order.tick()).toBe(0);
  clock.now += DAY_MS;
  const written = (await order.tick()) ?? 0;
  // All but those of the one hour of expiry that the next day shares.
  expect(written).toBeGreaterThan((BLOBS + FEW) * 0.8);
  clock.now += HOUR_MS;
  expect(await order.tick()).toBe(written);
  clock.now += HOUR_MS;
  expect(await order.tick()).toBe(0);
});
