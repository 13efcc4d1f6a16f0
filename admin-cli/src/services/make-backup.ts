import { readFile, stat } from 'node:fs/promises';
import type { StreamKey, StreamLock } from '@relay/protocol';
import { isStreamRecipient, makeStreamKeyPair, openStream, sealStream } from '@relay/protocol';
import type { ArchiveContent, Manifest, OpenArchive } from '@relay/server/backup';
import { ArchiveFault, checkArchive, openBackup } from '@relay/server/backup';
import { UserFault } from '../faults.ts';
import { openedFile } from '../files/read-file.ts';
import { requireNoFile, writeSingleFile } from '../files/single-file.ts';
import { tellingFaults } from './backup-faults.ts';

/** What a backup is made of, and for whom. */
export interface BackupRequest {
  /** Where it goes; nothing is overwritten. */
  file: string;
  databaseUrl: string;
  /** Folder with the volumes of secrets. */
  secrets: string;
  /** The appliance's `.env`, where it is to be in it. */
  settings: string | undefined;
  includeBlobs: boolean;
  lock: StreamLock;
  /** Milliseconds from the Unix epoch. */
  now?: number;
  onProgress?(stage: BackupStage, done: number, total: number): void;
}

/** What takes time. */
export type BackupStage = 'blobs' | 'check';

/** A backup that was made. */
export interface MadeBackup {
  /** Its full path. */
  file: string;
  manifest: Manifest;
}

/** What a lock is made of for the time of making: the file is opened again before it counts, so one more key has to fit. */
async function lockAndKey(lock: StreamLock): Promise<{ lock: StreamLock; key: StreamKey }> {
  if ('passphrase' in lock) return { lock, key: lock };
  const wrong = lock.recipients.findIndex((recipient) => !isStreamRecipient(recipient));
  if (wrong !== -1) {
    // Not repeated: where a public key belongs, somebody may have put the secret one.
    throw new UserFault(
      'recipient_invalid',
      `Recipient ${wrong + 1} is no public key of age. It begins with age1; age-keygen shows it.`,
    );
  }
  // Nobody but this process ever has it. It is of the kind of the others: age mixes none.
  const isHybrid = lock.recipients.some((recipient) => recipient.startsWith('age1pq1'));
  const { identity, recipient } = await makeStreamKeyPair(isHybrid);
  return { lock: { recipients: [...lock.recipients, recipient] }, key: { identities: [identity] } };
}

/**
 * Opens a sealed file as an archive, from its beginning each time.
 * @param key what opens it
 * @param onRead told of bytes as they are read from the file
 */
export function sealedFile(
  file: string,
  key: StreamKey,
  onRead: (bytes: number) => void = () => {},
): OpenArchive {
  return async () => {
    const sealed = await openedFile(file);
    const counted = (async function* () {
      for await (const piece of sealed) {
        onRead((piece as Uint8Array).length);
        yield piece as Uint8Array;
      }
    })();
    const plain = await openStream(ReadableStream.from(counted) as ReadableStream<Uint8Array>, key).catch(
      asDamage,
    );
    return (async function* () {
      const reader = plain.getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read().catch(asDamage);
          if (done) return;
          yield value;
        }
      } finally {
        await reader.cancel().catch(() => {});
        sealed.destroy();
      }
    })();
  };
}

/** What progress counts of a file, in bytes. */
const PIECE = 65_536;

/**
 * Reads a sealed file to its end and checks all of it.
 * @param onProgress told in pieces of 64 KiB, of the last one when everything was found good
 * @throws what `checkArchive` and the system throw
 */
export async function checkSealedFile(
  file: string,
  key: StreamKey,
  onProgress: (done: number, total: number) => void,
): Promise<ArchiveContent> {
  const total = Math.max(1, Math.ceil((await stat(file)).size / PIECE));
  let bytes = 0;
  const open = sealedFile(file, key, (more) => {
    bytes += more;
    onProgress(Math.min(Math.floor(bytes / PIECE), total - 1), total);
  });
  const content = await checkArchive(open);
  onProgress(total, total);
  return content;
}

/** What is neither of the system nor of the key is what was done to the file. */
function asDamage(cause: unknown): never {
  if (cause instanceof Error && ('code' in cause || cause.name === 'StreamKeyError')) throw cause;
  throw new ArchiveFault('it was changed or cut off, or it is no backup.', { cause });
}

/**
 * Makes a backup of a relay that may go on meanwhile, and opens it again before it stands under its name.
 * @throws RelayError `file_exists`, `unavailable`; UserFault
 */
export function makeBackup(request: BackupRequest): Promise<MadeBackup> {
  const { file, databaseUrl, secrets, includeBlobs, now = Date.now(), onProgress = () => {} } = request;
  return tellingFaults(async () => {
    const { lock, key } = await lockAndKey(request.lock);
    await requireNoFile(file);
    await requireFolder(secrets);
    const settings = request.settings === undefined ? undefined : await readFile(request.settings);
    const backup = await openBackup({ databaseUrl, secrets, settings, includeBlobs, now }, (done, total) =>
      onProgress('blobs', done, total),
    );
    try {
      const sealed = await sealStream(ReadableStream.from(backup.archive), lock);
      const path = await writeSingleFile(file, sealed, async (written) => {
        const { manifest } = await checkSealedFile(written, key, (done, total) =>
          onProgress('check', done, total),
        );
        if (manifest.id !== backup.manifest.id) throw new ArchiveFault('it is another one.');
      });
      return { file: path, manifest: backup.manifest };
    } finally {
      await backup.close();
    }
  }, databaseUrl);
}

/** Without it, a backup would be made that lacks every secret. */
async function requireFolder(secrets: string): Promise<void> {
  const isFolder = await stat(secrets).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  throw new UserFault(
    'file_missing',
    `There is no folder ${secrets} to take secrets from. Name it with --secrets; in an appliance: make backup`,
  );
}
