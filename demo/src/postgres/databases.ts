import { Client } from 'pg';
import { PostgresError } from './errors.ts';

/**
 * Makes a database.
 *
 * @param url - connection URL of a user who may, as {@link PostgresServer.url}
 * @param name - lower-case letters, digits and underscores, at most 63 characters
 * @param template - database to copy, to which nobody may be connected; `template1` when not given
 * @returns the connection URL of the new database
 * @throws PostgresError `bad_name`; the database's own error when the name is taken or the template in use
 */
export async function createDatabase(url: string, name: string, template = 'template1'): Promise<string> {
  await run(url, `CREATE DATABASE ${identifier(name)} TEMPLATE ${identifier(template)} STRATEGY FILE_COPY`);
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.href;
}

/**
 * Removes a database and ends the connections to it; one that is not there is no error.
 *
 * @param url - connection URL of its owner or a superuser, of another database
 * @param name - as for {@link createDatabase}
 */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await run(url, `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
}

function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) {
    throw new PostgresError('bad_name', `"${name}" is no name for a database; use a-z, 0-9 and _.`);
  }
  return `"${name}"`;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
