import { RelayError } from '@relay/protocol/wire';
import type { DatabaseProblem } from '@relay/server/admin';

/** @param place host and port, without the login */
const SAID: Readonly<Record<DatabaseProblem, (place: string) => string>> = {
  login: () => 'refuses the login. Check the name and the password in DATABASE_URL.',
  missing: () => 'is not there: its server has none of that name. Check the end of DATABASE_URL.',
  unmigrated: () =>
    'has not been migrated, or is another. Check the end of DATABASE_URL; make up migrates it, without Docker: npm run relay:migrate',
  forbidden: () =>
    'does not let this login do what it was asked. Take one that may, in DATABASE_URL; make admin has it.',
  full: () => 'has no room left on its disk. Make room and run the command again.',
  crowded: () => 'has no connection or no memory to spare. Try again; end what else uses it.',
  away: (place) => `does not answer (${place}). Check that it runs, and DATABASE_URL.`,
};

/**
 * A fault of the relay's database, told as what it is.
 * @param cause what the database threw, or what wraps it
 * @param url its URL, of which only host and port are shown
 * @param more a sentence about what became of the work
 * @returns RelayError `unavailable`
 */
export async function databaseFault(cause: unknown, url: string, more?: string): Promise<RelayError> {
  const { databaseProblem } = await import('@relay/server/admin');
  const { host } = new URL(url);
  const said = `The relay’s database ${SAID[databaseProblem(cause)](host === '' ? 'its socket' : host)}`;
  return new RelayError('unavailable', more === undefined ? said : `${said} ${more}`, { cause });
}
