import type { StreamKey } from '@relay/protocol';
import type { ArchiveContent, Manifest, Owners } from '@relay/server/backup';
import { checkArchive, restoreArchive } from '@relay/server/backup';
import { requireNoFile, writeSingleFile } from '../files/single-file.ts';
import { tellingFaults } from './backup-faults.ts';
import { sealedFile } from './make-backup.ts';

/** What is restored, and where. */
export interface RestoreRequest {
  file: string;
  key: StreamKey;
  databaseUrl: string;
  /** Folder with the volumes of secrets. */
  secrets: string;
  /** Where the settings of then go, where they are wanted; nothing is overwritten. */
  settingsTo: string | undefined;
  /** Milliseconds from the Unix epoch. */
  now?: number;
  onProgress?(stage: 'blobs', done: number, total: number): void;
  /** How owners are set, where it is not the system's way. */
  owners?: Owners;
}

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
export function checkBackup(file: string, key: StreamKey): Promise<ArchiveContent> {
  return tellingFaults(() => checkArchive(sealedFile(file, key)));
}

/**
 * Restores a backup into an empty appliance: all of it, or nothing. Running it again after it was cut short ends it; after it was done it changes nothing.
 * @throws UserFault `relay_not_empty` and those of {@link checkBackup}; RelayError `file_exists` for the settings, before anything is changed; RelayError
 * `unavailable`
 */
export function restoreBackup(request: RestoreRequest): Promise<RestoredBackup> {
  const { file, key, databaseUrl, secrets, settingsTo, now = Date.now(), onProgress, owners } = request;
  return tellingFaults(async () => {
    if (settingsTo !== undefined) await requireNoFile(settingsTo);
    const open = sealedFile(file, key);
    const content = await checkArchive(open);
    const { manifest, skipped, again } = await restoreArchive(open, content, {
      databaseUrl,
      secrets,
      now,
      ...(owners === undefined ? {} : { owners }),
      progress: (done, total) => onProgress?.('blobs', done, total),
    });
    const wanted = settingsTo !== undefined && content.settings !== undefined;
    const settings = wanted ? await writeSingleFile(settingsTo, content.settings as Uint8Array) : undefined;
    return { manifest, settings, skipped, again };
  }, databaseUrl);
}
