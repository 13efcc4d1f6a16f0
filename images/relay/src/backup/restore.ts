/** Restoring a backup into an appliance that nobody is in: all of it, or nothing. */
import type { Owners } from '../init/owned.ts';
import { systemOwners } from '../init/owned.ts';
import { ArchiveFault, readArchive, readSmallEntry, readText } from './archive.ts';
import type { Load } from './load.ts';
import { migrationsAfter, openLoad } from './load.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_LIMIT, parseManifest } from './manifest.ts';
import { isSecretFile, placeSecretFiles } from './secret-files.ts';
import { counted } from './tables.ts';

/** No secret file, nor the settings, are larger. */
const SMALL_LIMIT = 65_536;
const HOUR = 3_600_000;

/** Why a backup cannot be restored here; nothing was changed. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused';
  readonly reason: 'newer' | 'filled';

  /** @param reason `newer`: it is of a relay that this one does not know; `filled`: somebody is in this one */
  constructor(reason: RestoreRefused['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether the rows stand is not known: the database was lost as they were to. Secrets are in place; running again settles it. */
export class RestoreUnsettled extends Error {
  override readonly name = 'RestoreUnsettled';
}

/** An archive, from its beginning each time. */
export type OpenArchive = () => Promise<AsyncIterable<Uint8Array>>;

/** What an archive holds apart from rows. */
export interface ArchiveContent {
  manifest: Manifest;
  secrets: { name: string; bytes: Buffer }[];
  settings: Buffer | undefined;
  /** Names of the migrations that it would get here. */
  later: readonly string[];
}

/** What was done. */
export interface Restored {
  manifest: Manifest;
  /** Secret files that belong to nothing that is here, and were left out. */
  skipped: readonly string[];
  /** It was restored before, so nothing was changed. */
  again: boolean;
}

/** What restoring needs. */
export interface RestoreOptions {
  databaseUrl: string;
  /** Folder with the volumes of secrets. */
  secrets: string;
  /** Milliseconds from the Unix epoch. */
  now: number;
  progress?(done: number, total: number): void;
  owners?: Owners;
}

/**
 * Reads an archive to its end, and checks all of it.
 * @throws ArchiveFault; RestoreRefused `newer`; whatever the stream throws
 */
export async function checkArchive(open: OpenArchive): Promise<ArchiveContent> {
  const secrets: ArchiveContent['secrets'] = [];
  let settings: Buffer | undefined;
  const seen: string[] = [];
  const manifest = await readEntries(await open(), async ({ name, content }) => {
    seen.push(name);
    if (name === 'settings') settings = await readSmallEntry(content, SMALL_LIMIT);
    else if (name.startsWith('secret/')) {
      const file = name.slice('secret/'.length);
      if (!isSecretFile(file)) throw new ArchiveFault('it holds a secret that this version does not know.');
      secrets.push({ name: file, bytes: await readSmallEntry(content, SMALL_LIMIT) });
    }
  });
  const expected = [
    ...(manifest.settings ? ['settings'] : []),
    ...manifest.files.map((file) => `secret/${file}`),
    ...manifest.tables.map(({ table }) => `table/${table}`),
  ];
  if (seen.join('\n') !== expected.join('\n')) throw new ArchiveFault('it is not complete.');
  const later = await migrationsAfter(manifest.migrations);
  if (later === undefined) throw new RestoreRefused('newer');
  return { manifest, secrets, settings, later };
}

/** Reads an archive entry by entry, after its manifest. @returns the manifest */
async function readEntries(
  archive: AsyncIterable<Uint8Array>,
  take: (entry: { name: string; content: AsyncIterable<Buffer> }) => Promise<void>,
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  for await (const entry of readArchive(archive)) {
    if (manifest !== undefined) await take(entry);
    else if (entry.name === 'manifest')
      manifest = parseManifest(await readText(entry.content, MANIFEST_LIMIT));
    else throw new ArchiveFault('its description of itself is missing.');
  }
  if (manifest === undefined) throw new ArchiveFault('its description of itself is missing.');
  return manifest;
}

/**
 * Restores what {@link checkArchive} has read. The rows stand with the commit of one transaction, or not at all; secret files, placed before it, are put back as
 * they were where it fails. A run that was killed between the two leaves secrets of the backup without its rows, and running again ends it. Where this backup was restored before nothing is touched: its secrets are in place since then, and may have been rotated.
 * @throws RestoreRefused `filled`; RestoreUnsettled; whatever the database, the system or the stream throws
 */
export async function restoreArchive(
  open: OpenArchive,
  { manifest, secrets }: ArchiveContent,
  { databaseUrl, secrets: root, now, progress = () => {}, owners = systemOwners }: RestoreOptions,
): Promise<Restored> {
  const load = await openLoad(databaseUrl, manifest.id);
  try {
    if (load.state === 'filled') throw new RestoreRefused('filled');
    if (load.state === 'restored') return { manifest, skipped: [], again: true };
    await fill(load, await open(), manifest, { now, progress });
    const placed = await placeSecretFiles(root, secrets, owners);
    try {
      await load.commit();
    } catch (error) {
      if (!(await hasCommitted(databaseUrl, manifest.id))) {
        await placed.undo();
        throw error;
      }
    }
    return { manifest, skipped: placed.skipped, again: false };
  } finally {
    await load.close();
  }
}

/**
 * Whether the rows stand after a commit whose answer was lost: it may have been done all the same.
 * @throws RestoreUnsettled where the database cannot be asked. Its secrets have to stay, since the next run takes rows that stand for a whole restore.
 */
async function hasCommitted(databaseUrl: string, id: string): Promise<boolean> {
  try {
    const load = await openLoad(databaseUrl, id);
    await load.close();
    return load.state === 'restored';
  } catch (cause) {
    throw new RestoreUnsettled('the end of the transaction is not known', { cause });
  }
}

async function fill(
  load: Load,
  archive: AsyncIterable<Uint8Array>,
  manifest: Manifest,
  { now, progress }: { now: number; progress: (done: number, total: number) => void },
): Promise<void> {
  await load.prepare(manifest.migrations);
  const read = await readEntries(archive, async ({ name, content }) => {
    const table = manifest.tables.find((one) => `table/${one.table}` === name);
    if (table === undefined) return;
    await load.fill(table, table.table === 'blob' ? counted(content, manifest.blobs, progress) : content);
  });
  if (read.id !== manifest.id) throw new ArchiveFault('it was replaced meanwhile.');
  await load.finish({ issuerEpoch: manifest.issuerEpoch ?? undefined, hour: Math.floor(now / HOUR) });
}
