import { isRelayError } from '@relay/protocol/wire';
import type { AdminStore, StoredMember } from '@relay/server/admin';
import { UserFault } from '../faults.ts';
import { databaseFault } from './database-fault.ts';

export type { AdminStore, StoredMember };

/**
 * Opens the relay's database for the time of one task.
 * @param given connection URL, `postgresql://…`; without it, what is in the file that `DATABASE_URL_FILE` names
 * @throws UserFault `database_url` without a usable URL; RelayError `unavailable` when the database does not answer or is not migrated
 */
export async function withMemberStore<T>(
  given: string | undefined,
  task: (store: AdminStore) => Promise<T>,
): Promise<T> {
  const url = await databaseUrlOf(given);
  const { connect } = await import('@relay/server/admin');
  const store = connect(url);
  try {
    return await task(store);
  } catch (cause) {
    throw isRelayError(cause, 'unavailable') ? await databaseFault(cause, url) : cause;
  } finally {
    await store.close();
  }
}

/**
 * The database's URL.
 * @param given as of {@link withMemberStore}
 * @throws UserFault `database_url`
 */
export async function databaseUrlOf(given: string | undefined): Promise<string> {
  const url = given || (await urlInFile());
  requireUrl(url);
  return url;
}

async function urlInFile(): Promise<string | undefined> {
  const { readSetting } = await import('@relay/server/setting');
  const { DATABASE_URL_FILE } = process.env;
  const { text, fault } = readSetting({ DATABASE_URL_FILE }, 'DATABASE_URL', true);
  if (fault !== undefined) throw new UserFault('database_url', `${fault}.`);
  return text;
}

function requireUrl(url: string | undefined): asserts url is string {
  if (url === undefined || url === '') {
    throw new UserFault(
      'database_url',
      'Set DATABASE_URL or DATABASE_URL_FILE, or name the database with --database-url.',
    );
  }
  // The text itself is never shown: it holds the password.
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new UserFault(
      'database_url',
      'The database URL is not of the form postgresql://user@host/database.',
    );
  }
}
