import type { FaultCode } from '../faults.ts';
import { UserFault } from '../faults.ts';
import { databaseFault } from './database-fault.ts';

const DISK_FULL = '53100';

const REFUSED: Readonly<Record<string, readonly [FaultCode, string]>> = {
  newer: [
    'backup_newer',
    'This backup is of a newer relay than this one. Bring the appliance up to date first. Nothing was changed.',
  ],
  filled: [
    'relay_not_empty',
    'Somebody is in this relay already: a backup is restored into an empty appliance only. Nothing was changed.',
  ],
};

/**
 * Runs what makes or restores backups, and tells its faults in words.
 * @param databaseUrl of the database that it works on, where it does
 * @throws UserFault, RelayError `unavailable`; what is neither as it is
 */
export async function tellingFaults<T>(work: () => Promise<T>, databaseUrl?: string): Promise<T> {
  const { ArchiveFault, isDatabaseAway, RestoreRefused, RestoreUnsettled } = await import(
    '@relay/server/backup'
  );
  const { StreamKeyError } = await import('@relay/protocol');
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StreamKeyError) {
      throw new UserFault(
        'backup_key',
        'This key or passphrase does not open the backup. Nothing was changed.',
      );
    }
    if (cause instanceof ArchiveFault) {
      throw new UserFault(
        'backup_damaged',
        `The backup cannot be used: ${cause.message} Nothing was changed.`,
      );
    }
    const refused = cause instanceof RestoreRefused ? REFUSED[cause.reason] : undefined;
    if (refused !== undefined) throw new UserFault(...refused);
    if (cause instanceof RestoreUnsettled && databaseUrl !== undefined) {
      throw await databaseFault(
        cause.cause,
        databaseUrl,
        'The secrets of the backup are in their places, and its rows may be: run the command again, which settles it.',
      );
    }
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const isFile = cause instanceof Error && 'path' in cause;
    if (code === DISK_FULL) {
      throw new UserFault(
        'disk_full',
        'The database’s disk is full. Make room and run the command again. Nothing was changed.',
      );
    }
    if (isFile || databaseUrl === undefined || !isDatabaseAway(cause)) throw cause;
    throw await databaseFault(cause, databaseUrl, 'Nothing was changed.');
  }
}
