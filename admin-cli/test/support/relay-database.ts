/** Databases of relays that are backed up and restored. */
import { randomBytes } from 'node:crypto';
import { createDatabase } from '@relay/demo/postgres';
import { migrate } from '@relay/server/migrate';
import { Client } from 'pg';
import { inject } from 'vitest';

/** The current hour from the Unix epoch. */
export const HOUR = Math.floor(Date.now() / 3_600_000);

/** Runs one statement as the owner of the tables. */
export async function sql(url: string, text: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client.query(text, values).finally(() => client.end());
}

/** A database of its own. @returns its URL */
export async function newDatabase(isMigrated = true): Promise<string> {
  const url = await createDatabase(inject('postgresUrl'), `backup_${randomBytes(6).toString('hex')}`);
  if (isMigrated) await migrate(url);
  return url;
}

/** A relay that somebody is in: two members, three blobs of which one has expired, an update of the roster, and passing things. */
export async function fillRelay(url: string): Promise<void> {
  await sql(url, 'INSERT INTO circle (circle_id) VALUES ($1)', [randomBytes(32)]);
  const members = [randomBytes(32), randomBytes(32)];
  for (const member of members) await sql(url, 'INSERT INTO member (key_hash) VALUES ($1)', [member]);
  for (const hour of [-2, 60, 61]) {
    await sql(
      url,
      'INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $4, $5)',
      [randomBytes(16), members[0], HOUR + hour, randomBytes(32), randomBytes(65_536)],
    );
  }
}

/** Takes out everybody and everything, and that anything was ever restored. */
export async function emptyRelay(url: string): Promise<void> {
  await sql(url, 'TRUNCATE circle, member, blob, roster_update, issuer_key CASCADE');
  await sql(url, 'COMMENT ON TABLE circle IS NULL');
}
