/** Backups, before they are sealed and after they are opened (`relay-admin` imports this and seals). */

export { isDatabaseAway } from '../database/faults.ts';
export type { Owners } from '../init/owned.ts';
export { ArchiveFault } from './archive.ts';
export type { BackupSource, BackupStream } from './make.ts';
export { openBackup } from './make.ts';
export type { Manifest } from './manifest.ts';
export type { ArchiveContent, OpenArchive, Restored, RestoreOptions } from './restore.ts';
export { checkArchive, RestoreRefused, RestoreUnsettled, restoreArchive } from './restore.ts';
