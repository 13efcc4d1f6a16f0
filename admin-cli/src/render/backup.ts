/** What is said of backups. */
import { basename } from 'node:path';
import type { Manifest } from '@relay/server/backup';
import type { MadeBackup } from '../services/make-backup.ts';
import type { RestoredBackup } from '../services/restore-backup.ts';

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

function contents({ members, blobs, files, settings, day }: Manifest): string {
  const parts = [
    count(members, 'member', 'members'),
    blobs === 0 ? 'no stored blobs' : count(blobs, 'stored blob', 'stored blobs'),
    count(files.length, 'secret file', 'secret files'),
    settings ? 'the settings' : 'no settings',
  ];
  return `of ${day}: ${parts.join(', ')}`;
}

/** What `backup` says. */
export function backupText({ file, manifest }: MadeBackup): string {
  return `${basename(file)} was written, and opened again to its end.\nIt is ${contents(manifest)}.\nKeep it away from this server, and what opens it away from both.\n`;
}

/** What `backup --json` prints. */
export function backupJson({ file, manifest }: MadeBackup) {
  return { file, ...summary(manifest) };
}

/** What `restore --check` says. */
export function checkedText(manifest: Manifest): string {
  return `The backup is whole. It is ${contents(manifest)}. Nothing was changed.\n`;
}

/** What `restore` says. */
export function restoredText({ manifest, settings, skipped, again }: RestoredBackup): string {
  return [
    again
      ? 'This backup was restored before. Nothing was changed: what has become of it since stays, its secrets too.'
      : `Restored a backup ${contents(manifest)}.`,
    ...(settings === undefined ? [] : [`The settings of then are in ${settings}: compare them with .env.`]),
    ...skipped.map((name) => `Left out, since nothing here uses it: ${name}.`),
    'Relay and worker have to start anew (make restore does that). Members need do nothing: tokens that they had drawn are void, and their clients draw others.\n',
  ].join('\n');
}

/** What `restore --json` prints. */
export function restoredJson({ manifest, settings, skipped, again }: RestoredBackup) {
  return { ...summary(manifest), settingsFile: settings ?? null, skipped, again };
}

/** A manifest without what only a restore needs. */
export function summary({ id, day, members, blobs, files, settings }: Manifest) {
  return { id, day, members, blobs, files, settings };
}
