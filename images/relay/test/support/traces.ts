/** What the storage of PostgreSQL tells of the order in which blobs came: by system columns, and in the bytes of its files. */
import { join } from 'node:path';
import { hex } from '@relay/protocol/wire';
import type { TestBlob } from './client.ts';
import { sql } from './database.ts';
import type { HeldFile } from './held.ts';
import { readCluster } from './held.ts';
import type { Correlation } from './rank-correlation.ts';
import { kendall } from './rank-correlation.ts';
import type { RolesDatabase } from './roles.ts';

/** What one trace tells. */
export interface Trace extends Correlation {
  /** Blobs of which it tells anything. */
  found: number;
}

const PAGE = 8_192;
const MARK_BYTES = 32;

/** A tuple id as a number: block, then line. */
const place = (ctid: string): number => {
  const [block = 0, line = 0] = ctid.slice(1, -1).split(',').map(Number);
  return block * 1_000 + line;
};

/** Whether a byte of a page belongs to a row that is there, by the page's line pointers, or to the space between them. */
function isLive(page: Buffer, at: number): boolean {
  for (let pointer = 24; pointer < page.readUInt16LE(12); pointer += 4) {
    const word = page.readUInt32LE(pointer);
    const [offset, flags, length] = [word & 0x7fff, (word >> 15) & 3, word >>> 17];
    if (flags === 1 && at >= offset && at < offset + length) return true;
  }
  return false;
}

/** Where a mark stands: in rows that are there, and elsewhere. */
interface Places {
  live: number[];
  left: number[];
}

/**
 * Finds marks in files, all in one pass.
 * @param marks of 16 bytes or more each
 * @param isPaged whether the files consist of pages with rows; elsewhere nothing is live
 */
function search(files: readonly HeldFile[], marks: readonly Uint8Array[], isPaged = true): Places[] {
  const places = marks.map((): Places => ({ live: [], left: [] }));
  const byStart = new Map<number, number[]>();
  const start = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  for (const [i, mark] of marks.entries())
    byStart.set(start(mark, 0), [...(byStart.get(start(mark, 0)) ?? []), i]);
  const isStart = Uint8Array.from({ length: 65_536 }, (_, i) => Number(byStart.has(i)));
  let base = 0;
  for (const { bytes } of files) {
    for (let at = 0; at + 1 < bytes.length; at++) {
      if (isStart[start(bytes, at)] !== 1) continue;
      for (const i of byStart.get(start(bytes, at)) ?? []) {
        const mark = marks[i] as Uint8Array;
        // What is cut off at the end of a file is another's beginning.
        if (at + mark.length > bytes.length) continue;
        if (bytes.compare(mark, 0, mark.length, at, at + mark.length) !== 0) continue;
        const from = at - (at % PAGE);
        const isThere = isPaged && isLive(bytes.subarray(from, from + PAGE), at - from);
        places[i]?.[isThere ? 'live' : 'left'].push(base + at);
      }
    }
    base += bytes.length;
  }
  return places;
}

/**
 * Measures every trace there is.
 * @param blobs in the order in which they came
 * @returns by the name of the trace: Kendall's tau of the order of arrival and what the trace tells
 */
export async function measureTraces(
  { superuser, server }: RolesDatabase,
  blobs: readonly TestBlob[],
): Promise<Map<string, Trace>> {
  const traces = new Map<string, Trace>();
  const add = (name: string, values: readonly (number | undefined)[], groups?: readonly unknown[]) => {
    const known = values.flatMap((value, i) => (value === undefined ? [] : [i]));
    const correlation = kendall(
      known,
      known.map((i) => values[i] as number),
      groups && known.map((i) => groups[i]),
    );
    traces.set(name, { found: known.length, ...correlation });
  };
  const toast = (
    await sql(superuser, "SELECT reltoastrelid::regclass AS name FROM pg_class WHERE oid = 'blob'::regclass")
  ).rows[0].name as string;
  const { rows } = await sql(
    superuser,
    `SELECT encode(id, 'hex') AS id, encode(mailbox || id, 'base64') AS told, blob.ctid AS row, blob.xmin::text AS "by", t.chunk_id::text AS chunk, t.ctid AS body, t.xmin::text AS "bodyBy"
     FROM blob JOIN ${toast} AS t ON t.chunk_id = pg_column_toast_chunk_id(blob.body) AND t.chunk_seq = 0`,
  );
  const stored = new Map(rows.map((row) => [row.id as string, row]));
  const told = (name: string, of: (row: Record<string, string>) => number) =>
    add(
      name,
      blobs.map(({ id }) => {
        const row = stored.get(hex(id));
        return row && of(row);
      }),
    );
  told('row: ctid', ({ row = '' }) => place(row));
  told('row: xmin', ({ by }) => Number(by));
  told('body: number (chunk_id)', ({ chunk }) => Number(chunk));
  told('body: ctid', ({ body = '' }) => place(body));
  told('body: xmin', ({ bodyBy }) => Number(bodyBy));

  const files = (await readCluster(superuser, join(server.dataDir, 'data'))).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  const named = (name: string) => files.filter((file) => file.name === name);
  const below = (folder: string) => files.filter(({ path }) => path.startsWith(folder));
  const ids = blobs.map(({ id }) => id);
  for (const index of ['blob_pkey', 'blob_mailbox_id_expiry_hour_idx']) {
    const positions = search(named(index), ids).map(({ live }) => live.at(-1));
    // Later entries are put before earlier ones in a page.
    add(
      `${index}: place in its page`,
      positions.map((at) => (at === undefined ? undefined : -(at % PAGE))),
      positions.map((at) => at && Math.floor(at / PAGE)),
    );
  }
  const marks = blobs.map(({ blob }) => blob.subarray(0, MARK_BYTES));
  const notices = ids.map((id) => Buffer.from(stored.get(hex(id))?.told.replace('\n', '') ?? hex(id)));
  const left = (places: readonly Places[]) => places.map((place) => place.left[0]);
  add('left of rows (in the free space of pages)', left(search(named('blob'), ids)));
  add('left of bodies (in the free space of pages)', left(search(named('blob_toast'), marks)));
  add('write-ahead log', left(search(below('pg_wal/'), marks, false)));
  add('queue of announcements', left(search(below('pg_notify/'), notices, false)));
  return traces;
}

/** The traces as a table for people. */
export function showTraces(title: string, traces: ReadonlyMap<string, Trace>): string {
  const lines = [...traces].map(
    ([name, { found, tau, deviation }]) =>
      `| ${name} | ${found} | ${found > 1 ? tau.toFixed(2) : '–'} | ${found > 1 ? deviation.toFixed(2) : '–'} |`,
  );
  return [
    `${title}\n`,
    '| trace | blobs found | tau | deviation by chance |',
    '| --- | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}
