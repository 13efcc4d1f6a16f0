import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findTurnserver, ownPort, Processes, startCoturn } from '@relay/demo/turn-server';
import { hex } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readSecrets } from '../../src/turn/index.ts';
import { coturnLines, postgresSettings } from '../support/appliance.ts';
import type { Hour } from '../support/busy-hour.ts';
import { playHour } from '../support/busy-hour.ts';
import { seed, sql } from '../support/database.ts';
import type { HeldFile } from '../support/held.ts';
import { momentsIn, placesOf, readCluster, readFolder, readRows, spellingsOf } from '../support/held.ts';
import type { TestMember } from '../support/member.ts';
import { makeCircle } from '../support/member.ts';
import type { TestProcess } from '../support/process.ts';
import { startProcess, startRelayProcess } from '../support/process.ts';
import type { RolesDatabase } from '../support/roles.ts';
import { startRolesDatabase } from '../support/roles.ts';
import { makeTurnSecrets, removeTurnSecrets } from '../support/turn.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle(5);
const [sender, owner, ...group] = circle.members as [TestMember, TestMember, ...TestMember[]];
/** What a proxy would say of each member, and of strangers: an address and an agent of its own. */
const visitors = new Map(
  [...circle.members, undefined].map((who, i) => [
    who,
    { 'X-Forwarded-For': `2001:db8:77::${i + 1}`, 'User-Agent': `agent-of-visitor-${i + 1}/7` },
  ]),
);
/** Addresses as they are written and as 16 bytes. */
const addresses = [...visitors.values()].flatMap(({ 'X-Forwarded-For': text }, i) => [
  text,
  Buffer.from(`20010db80077${'0'.repeat(18)}${String(i + 1).padStart(2, '0')}`, 'hex'),
]);
const TURN_FROM = ['127.0.0.41', '127.0.0.42'] as const;

let database: RolesDatabase;
let folder: string;
let secretsFile: string;
let processes: Processes;
let relay: TestProcess & { url: string };
let worker: TestProcess;
let hour: Hour;
let began: number;
let ended: number;
/** The cluster at the end of the hour, and after the worker's next turn; and what else was written. */
let early: HeldFile[];
let cluster: HeldFile[];
/** Every row of every table, with its system columns, at the end of the hour. */
let rows: HeldFile[];
let others: HeldFile[];

beforeAll(async () => {
  database = await startRolesDatabase({ settings: postgresSettings() });
  await seed(database.as.owner, circle);
  folder = mkdtempSync('/var/tmp/relay-traces-');
  for (const name of ['relay', 'worker']) mkdirSync(join(folder, name));
  secretsFile = await makeTurnSecrets();
  processes = new Processes(join(folder, 'logs'));
  const turnPort = await ownPort();
  await startCoturn(processes, {
    program: findTurnserver() as string,
    port: turnPort,
    folder: join(folder, 'coturn'),
    secret: (await readSecrets(secretsFile)).at(-1)?.secret as string,
    more: coturnLines(),
  });
  relay = await startRelayProcess(database.as.relay, {
    LOG_LEVEL: 'debug',
    TRUSTED_PROXY: 'loopback',
    TMPDIR: join(folder, 'relay'),
    TURN_SECRETS_FILE: secretsFile,
    TURN_HOST: '127.0.0.1',
    TURN_PORT: String(turnPort),
  });

  const fetchPlain = globalThis.fetch;
  let headers: Record<string, string> = {};
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) =>
    fetchPlain(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } }),
  );
  const as = (who: TestMember | undefined) => {
    headers = visitors.get(who) ?? {};
    return headers;
  };
  began = Date.now();
  hour = await playHour({ url: relay.url, circle, turnPort, as, turnFrom: TURN_FROM });
  ended = Date.now();
  rows = await readRows(database.superuser);
  early = await readCluster(database.superuser, join(database.server.dataDir, 'data'));
  vi.unstubAllGlobals();

  // PostgreSQL does this by itself, sooner or later.
  await sql(database.superuser, 'ANALYZE');
  await sql(
    database.superuser,
    'UPDATE blob SET expiry_hour = 1 WHERE id IN (SELECT id FROM blob ORDER BY id LIMIT 5)',
  );
  worker = startProcess('worker', {
    DATABASE_URL: database.as.worker,
    LOG_LEVEL: 'debug',
    TMPDIR: join(folder, 'worker'),
    WORKER_SCHEDULE: '* * * * * *',
  });
  await until('the worker had swept twice', () => worker.output().split('"swept"').length > 2);
  expect(await worker.end('SIGTERM')).toBe(0);
  cluster = await readCluster(database.superuser, join(database.server.dataDir, 'data'));
  others = [
    ...readFolder(folder),
    ...readFolder(database.server.dataDir).filter(({ name }) => name === 'server.log'),
    { name: 'log of the relay', path: '', bytes: Buffer.from(relay.output()) },
    { name: 'log of the worker', path: '', bytes: Buffer.from(worker.output()) },
  ];
});
afterAll(async () => {
  await relay?.end('SIGTERM');
  await processes?.close();
  await database?.remove();
  await removeTurnSecrets(secretsFile);
  rmSync(folder, { recursive: true, force: true });
});

const placesEverywhere = (value: Uint8Array | string) =>
  placesOf([...early, ...cluster, ...rows, ...others], value);

test('the hour was busy: what should go well did, and what should not was refused', () => {
  expect(hour.blobs).toHaveLength(52);
  expect(hour.refusals).toEqual([
    ...['409 blob_conflict', '401 ticket_invalid', '401 token_invalid', '404 recipient_unknown'],
    ...['401 unauthenticated', '401 challenge_invalid', '401 unauthenticated'],
    ...['signal ok', 'signal ok', 'signal ok', 'room_refused'],
    ...['turn 0', 'turn 401', 'turn 0', 'turn 401'],
  ]);
  expect(cluster.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['blob', 'blob_toast', 'blob_pkey', 'session', 'spent_token', 'wal']),
  );
  // What is looked for is found where it is.
  // Those of the lowest ids have expired since, and the second one was deleted.
  const [kept] = hour.blobs.filter((_, i) => i !== 1).sort((a, b) => Buffer.compare(b.id, a.id));
  const body = kept?.blob.subarray(0, 64) as Uint8Array;
  expect(placesOf(early, body)).toEqual(['blob_toast', 'wal']);
  expect(placesOf(cluster, body)).toEqual(['blob_toast']);
});

test('no address and no agent stands in any table, index, log, file or write-ahead log', () => {
  const agents = [...visitors.values()].map(({ 'User-Agent': agent }) => agent);
  for (const value of [...addresses, ...agents, ...TURN_FROM])
    expect(placesEverywhere(value), String(value)).toEqual([]);
});

test('no session token, ticket, blind token, secret, room, seat, signal or TURN name stands anywhere', () => {
  const known = hour.secrets.filter((value) => placesEverywhere(value).length > 0).map(hex);
  expect(known).toEqual([]);
  for (const value of hour.turnNames) expect(placesEverywhere(value), value).toEqual([]);
});

test('key hashes stand where they must and nowhere else, and that of who only sends at no blob and no ticket', () => {
  const known = ['member', 'member_pkey', 'session', 'session_key_hash_idx', 'token_draw', 'token_draw_pkey'];
  const mailbox = ['blob', 'blob_mailbox_id_expiry_hour_idx', 'ticket', 'ticket_mailbox_idx'];
  // Pages of the member table stand in the log whole. Arrivals are told to the relay's processes by a queue that the server keeps in files.
  const log = ['wal'];
  const queue = ['pg_notify/0000'];
  expect(known).toEqual(expect.arrayContaining(placesEverywhere(sender.keyHash).filter((n) => n !== 'wal')));
  for (const { keyHash } of [owner, ...group]) {
    const places = placesEverywhere(keyHash);
    expect(places).toEqual(expect.arrayContaining(['member', 'blob', 'session', 'ticket']));
    expect([...known, ...mailbox, ...log, ...queue]).toEqual(expect.arrayContaining(places));
  }
  expect(placesEverywhere(circle.circleId).filter((name) => name !== 'wal')).toEqual(['circle']);
});

test('the write-ahead log alone holds moments of the hour, until the worker lets go of it', () => {
  expect(momentsIn(early, began, ended)).toEqual(['wal']);
  expect(momentsIn(cluster, began, ended)).toEqual([]);
});

test('no column holds a time finer than a day, but for what ends within minutes or by its hour', async () => {
  const { rows } = await sql(
    database.superuser,
    `SELECT table_name || '.' || column_name AS line FROM information_schema.columns WHERE table_schema = 'public'
     AND (data_type ~ '^(timestamp|time|date|interval)' OR column_name ~ 'expiry|hour|minute|day|epoch|_at$') ORDER BY 1`,
  );
  expect(rows.map(({ line }) => line)).toEqual([
    '_prisma_migrations.finished_at',
    '_prisma_migrations.rolled_back_at',
    '_prisma_migrations.started_at',
    'blob.expiry_hour',
    'challenge.expiry_minute',
    'issuer_key.epoch',
    'session.expiry_minute',
    'spent_token.epoch',
    'ticket.expiry_minute',
    'token_draw.day',
  ]);
  expect((await sql(database.superuser, 'SHOW track_commit_timestamp')).rows).toEqual([
    { track_commit_timestamp: 'off' },
  ]);
});

test('statistics views show no address, no key, and no time of the hour', async () => {
  const { rows: columns } = await sql(
    database.superuser,
    `SELECT table_name AS view, column_name AS name FROM information_schema.columns
     WHERE table_schema = 'pg_catalog' AND table_name LIKE 'pg_stat%' AND data_type LIKE 'timestamp%' ORDER BY 1, 2`,
  );
  const told: string[] = [];
  for (const { view, name } of columns) {
    const text = `SELECT FROM ${view} WHERE ${name} BETWEEN to_timestamp($1) AND to_timestamp($2) LIMIT 1`;
    const { rowCount } = await sql(database.superuser, text, [began / 1000, ended / 1000]);
    if (rowCount) told.push(`${view}.${name}`);
  }
  // A connection of the relay's own that is still open tells when it was opened.
  const notLive = told.filter((line) => line !== 'pg_stat_activity.backend_start');
  expect(notLive.filter((line) => !/^pg_stat_(all|sys)_/.test(line))).toEqual([]);
  const { rows } = await sql(
    database.superuser,
    'SELECT pg_stat_activity::text AS line FROM pg_stat_activity',
  );
  const activity = rows.map(({ line }) => line).join('\n');
  for (const value of [...addresses, ...circle.members.map(({ keyHash }) => keyHash)])
    for (const spelling of spellingsOf(value))
      expect(activity.includes(spelling.toString('latin1'))).toBe(false);
});

test('the relay, the worker and PostgreSQL log their own doings alone, and nobody leaves a file', () => {
  const told = new Set<string>();
  for (const text of [relay.output(), worker.output()])
    for (const line of text.trim().split('\n')) {
      const { level, time, part, msg, ...more } = JSON.parse(line) as Record<string, unknown>;
      expect([level, typeof time]).toEqual([30, 'number']);
      // A figure beside the time of a line could tell when something came.
      told.add([part, msg, ...Object.keys(more)].join(' '));
    }
  expect([...told].sort()).toEqual([
    'relay listening port',
    'worker started',
    'worker stopped',
    'worker swept',
    'worker written anew',
  ]);
  for (const name of ['relay', 'worker']) expect(readdirSync(join(folder, name))).toEqual([]);
  const server = others.find(({ name }) => name === 'server.log')?.bytes.toString() ?? '';
  for (const line of server.trim().split('\n'))
    expect(line).toMatch(
      /^LOG: {2}(starting PostgreSQL|listening on|database system (was shut down at|is ready))/,
    );
});
