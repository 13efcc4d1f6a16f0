/** All that a server holds on its disk, as bytes, and where in it something stands. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { b64, hex } from '@relay/protocol/wire';
import { sql } from './database.ts';

/** A file with what PostgreSQL or its writer calls it. */
export interface HeldFile {
  /** A relation's name for its files, `wal` for segments of the write-ahead log, else the path below the folder. */
  name: string;
  /** Below the folder. */
  path: string;
  bytes: Buffer;
}

/** Reads every file below a folder. @param nameOf gets the path below it */
export function readFolder(folder: string, nameOf: (path: string) => string = (path) => path): HeldFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ name: nameOf(path), path, bytes: readFileSync(join(folder, path)) }));
}

/**
 * Reads the whole cluster of a server: first the write-ahead log, then, after a checkpoint that writes buffers to disk and may remove some of that log, all the rest.
 * @param superuser its database URL in the relay's database
 * @param cluster its folder
 */
export async function readCluster(superuser: string, cluster: string): Promise<HeldFile[]> {
  const log = readFolder(join(cluster, 'pg_wal'), () => 'wal').map((file) => ({
    ...file,
    path: `pg_wal/${file.path}`,
  }));
  await sql(superuser, 'CHECKPOINT');
  const { rows } = await sql(
    superuser,
    `SELECT pg_relation_filepath(c.oid) AS path, coalesce(t.relname || '_toast' || CASE c.relkind WHEN 'i' THEN '_index' ELSE '' END, c.relname) AS name
     FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
       LEFT JOIN pg_class t ON t.reltoastrelid IN (c.oid, i.indrelid) AND t.reltoastrelid <> 0
     WHERE pg_relation_filepath(c.oid) IS NOT NULL`,
  );
  const names = new Map<string, string>(rows.map(({ path, name }) => [path, name]));
  // Forks and further segments of a relation go under its name.
  const nameOf = (path: string) => names.get(path.replace(/(_(fsm|vm|init))?(\.\d+)?$/, '')) ?? path;
  return [...log, ...readFolder(cluster, nameOf).filter(({ path }) => !path.startsWith('pg_wal/'))];
}

/**
 * Reads every row of every table, with its system columns, as text. Unlogged tables stand in memory alone until the server stops.
 * @returns one for each table, under its name
 */
export async function readRows(superuser: string): Promise<HeldFile[]> {
  const { rows: tables } = await sql(
    superuser,
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  const read: HeldFile[] = [];
  for (const { name } of tables) {
    const text = `SELECT concat_ws(' ', ctid, xmin, xmax, cmin, cmax, tableoid, t::text) AS line FROM "${name}" AS t`;
    const lines = (await sql(superuser, text)).rows.map(({ line }) => line as string);
    read.push({ name, path: `rows of ${name}`, bytes: Buffer.from(lines.join('\n')) });
  }
  return read;
}

/** A value in every spelling in which a file, a row or a log could hold it. */
export function spellingsOf(value: Uint8Array | string): Buffer[] {
  const bytes = Buffer.from(value);
  const texts = typeof value === 'string' ? [] : [b64(bytes), bytes.toString('base64')];
  return [bytes, ...[hex(bytes), ...texts].map((text) => Buffer.from(text))];
}

/** Names of the files that hold a value in any spelling, each once, sorted. */
export function placesOf(files: readonly HeldFile[], value: Uint8Array | string): string[] {
  const spellings = spellingsOf(value);
  const found = files.filter(({ bytes }) => spellings.some((spelling) => bytes.includes(spelling)));
  return [...new Set(found.map(({ name }) => name))].sort();
}

/** Microseconds between the epochs of Unix and of PostgreSQL, 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

/**
 * Names of the files that hold a moment between two, in one of the forms in which a program keeps times finer than a second: microseconds as
 * PostgreSQL's `timestamptz`, milliseconds as 64-bit integers of either order. Nine random bytes in a million millions look like one.
 * @param from milliseconds from the Unix epoch
 * @param to the same
 */
export function momentsIn(files: readonly HeldFile[], from: number, to: number): string[] {
  const ranges = [
    { least: BigInt(from - POSTGRES_EPOCH_MS) * 1_000n, most: BigInt(to - POSTGRES_EPOCH_MS) * 1_000n },
    { least: BigInt(from), most: BigInt(to) },
  ].map(({ least, most }) => ({ least, most, high: Number(least >> 32n), top: Number(most >> 32n) }));
  const holds = (bytes: Buffer): boolean => {
    for (let at = 0; at + 8 <= bytes.length; at++) {
      // The upper half first: it is right in one place of four thousand millions by chance.
      const [little, big] = [bytes.readUInt32LE(at + 4), bytes.readUInt32BE(at)];
      for (const { least, most, high, top } of ranges) {
        if (little >= high && little <= top) {
          const value = bytes.readBigUInt64LE(at);
          if (value >= least && value <= most) return true;
        }
        if (big >= high && big <= top) {
          const value = bytes.readBigUInt64BE(at);
          if (value >= least && value <= most) return true;
        }
      }
    }
    return false;
  };
  return [...new Set(files.filter(({ bytes }) => holds(bytes)).map(({ name }) => name))].sort();
}
