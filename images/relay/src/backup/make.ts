/** Making a backup: what is in it, before it is sealed. */
import { randomBytes } from 'node:crypto';
import type { Entry } from './archive.ts';
import { writeArchive } from './archive.ts';
import { openDump } from './dump.ts';
import type { Manifest } from './manifest.ts';
import { readSecretFiles } from './secret-files.ts';
import { counted } from './tables.ts';

/** What is to be in a backup. */
export interface BackupSource {
  /** `postgres://…`, as the role that owns the tables. */
  databaseUrl: string;
  /** Folder with the volumes of secrets. */
  secrets: string;
  /** The appliance's settings, where they are to be in it. */
  settings: Uint8Array | undefined;
  includeBlobs: boolean;
  /** Milliseconds from the Unix epoch. */
  now: number;
}

/** A backup on its way. */
export interface BackupStream {
  manifest: Manifest;
  /** The archive, to be read once, at the pace of the reader. */
  archive: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const HOUR = 3_600_000;

/**
 * Opens a backup of everything as of one moment; the relay goes on meanwhile.
 * @param progress is told of blobs that were read, of how many
 * @throws the database's and the system's errors
 */
export async function openBackup(
  source: BackupSource,
  progress: (done: number, total: number) => void = () => {},
): Promise<BackupStream> {
  const files = await readSecretFiles(source.secrets);
  const dump = await openDump(source.databaseUrl, {
    includeBlobs: source.includeBlobs,
    hour: Math.floor(source.now / HOUR),
  });
  const manifest: Manifest = {
    id: randomBytes(16).toString('hex'),
    day: new Date(source.now).toISOString().slice(0, 10),
    circleId: dump.circleId?.toString('hex') ?? null,
    members: dump.members,
    blobs: dump.blobs,
    issuerEpoch: dump.issuerEpoch ?? null,
    migrations: dump.migrations.map(({ name, checksum }) => ({ name, checksum })),
    tables: dump.tables.map(({ table, columns }) => ({ table, columns: [...columns] })),
    files: files.map(({ name }) => name),
    settings: source.settings !== undefined,
  };
  async function* entries(): AsyncGenerator<Entry> {
    yield { name: 'manifest', content: [Buffer.from(JSON.stringify(manifest))] };
    if (source.settings !== undefined) yield { name: 'settings', content: [source.settings] };
    for (const { name, bytes } of files) yield { name: `secret/${name}`, content: [bytes] };
    for (const table of dump.tables) {
      const rows = dump.rows(table);
      yield {
        name: `table/${table.table}`,
        content: table.table === 'blob' ? counted(rows, dump.blobs, progress) : rows,
      };
    }
  }
  return {
    manifest,
    archive: writeArchive(entries()),
    close: () => dump.close(),
  };
}
