import { resolve } from 'node:path';
import type { StreamKey } from '@relay/protocol';
import type { ArchiveContent, Manifest, Owners } from '@relay/server/backup';
import { restoreArchive } from '@relay/server/backup';
import { holdsAlready, writeSingleFile } from '../files/single-file.ts';
import { tellingFaults } from './backup-faults.ts';
import { checkSealedFile, sealedFile } from './make-backup.ts';

/** What is restored, and where. */
export interface RestoreRequest {
  file: string;
  key: StreamKey;
  databaseUrl: string;
  /** Folder with the volumes of secrets. */
  secrets: string;
  /** Where the settings of then go, where they are wanted; nothing but these very settings may be there. */
  settingsTo: string | undefined;
  /** Milliseconds from the Unix epoch. */
  now?: number;
  onProgress?(stage: RestoreStage, done: number, total: number): void;
  /** How owners are set, where it is not the system's way. */
  owners?: Owners;
}

/** What takes time: reading and checking all of it, in pieces of 64 KiB; then bringing blobs in. */
export type RestoreStage = 'check' | 'blobs';

/** What came of it. */
export interface RestoredBackup {
  manifest: Manifest;
  /** Where the settings of then are; undefined where there were none, or none were wanted. */
  settings: string | undefined;
  /** Secret files that belong to nothing that is here. */
  skipped: readonly string[];
  /** It had been restored before, so that rows and secrets were left as they are. */
  again: boolean;
}

/**
 * Opens a backup and reads all of it, without any change to anything.
 * @throws UserFault `backup_key`, `backup_damaged`, `backup_newer`
 */
export function checkBackup(
  file: string,
  key: StreamKey,
  onProgress: (stage: 'check', done: number, total: number) => void = () => {},
): Promise<ArchiveContent> {
  return tellingFaults(() => checkSealedFile(file, key, (done, total) => onProgress('check', done, total)));
}

/**
 * Restores a backup into an empty appliance: all of it, or nothing. Running it again after it was cut short ends it; after it was done it changes nothing.
 * @throws UserFault `relay_not_empty` and those of {@link checkBackup}; RelayError `file_exists` for the settings, before anything is changed; RelayError
 * `unavailable`
 */
export function restoreBackup(request: RestoreRequest): Promise<RestoredBackup> {
  const { file, key, databaseUrl, secrets, settingsTo, now = Date.now(), onProgress, owners } = request;
  return tellingFaults(async () => {
    const content = await checkSealedFile(file, key, (done, total) => onProgress?.('check', done, total));
    const writeSettings = await settingsWriter(settingsTo, content.settings);
    const { manifest, skipped, again } = await restoreArchive(sealedFile(file, key), content, {
      databaseUrl,
      secrets,
      now,
      ...(owners === undefined ? {} : { owners }),
      progress: (done, total) => onProgress?.('blobs', done, total),
    });
    return { manifest, settings: await writeSettings(), skipped, again };
  }, databaseUrl);
}

/**
 * Makes sure that settings can be written, before anything is changed. @returns what writes them, and tells where they are
 * @throws RelayError `file_exists`
 */
async function settingsWriter(
  path: string | undefined,
  settings: Uint8Array | undefined,
): Promise<() => Promise<string | undefined>> {
  if (path === undefined || settings === undefined) return async () => undefined;
  if (await holdsAlready(path, settings)) return async () => resolve(path);
  return () => writeSingleFile(path, settings);
}
