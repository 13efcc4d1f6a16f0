/** What an operator, or time, does to a member's mailbox: by SQL. */
import { loadIdentity } from '@relay/protocol';
import pg from 'pg';
import type { Stack } from './stack.ts';

/** What is needed of a stack. */
type Mailboxes = Pick<Stack<string>, 'databaseUrl' | 'identity'>;

async function query<T extends pg.QueryResultRow>(
  stack: Mailboxes,
  sql: string,
  values: unknown[],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const keyHashOf = async (stack: Mailboxes, number: number) =>
  (await loadIdentity(stack.identity(number))).member.keyHash;

/** Ids of the blobs in a mailbox. */
export async function blobsOf(stack: Mailboxes, number: number): Promise<string[]> {
  const sql = "SELECT encode(id, 'hex') AS id FROM blob WHERE mailbox = $1";
  return (await query<{ id: string }>(stack, sql, [await keyHashOf(stack, number)])).map(({ id }) => id);
}

/** The hours of everything that a mailbox holds have passed. */
export async function expire(stack: Mailboxes, number: number): Promise<void> {
  await query(stack, 'UPDATE blob SET expiry_hour = 1 WHERE mailbox = $1', [await keyHashOf(stack, number)]);
}

/** The relay loses what a mailbox has got besides these. */
export async function withhold(stack: Mailboxes, number: number, kept: readonly string[]): Promise<void> {
  const sql = "DELETE FROM blob WHERE mailbox = $1 AND NOT encode(id, 'hex') = ANY($2)";
  await query(stack, sql, [await keyHashOf(stack, number), kept]);
}

/** How many sessions a member has at the relay. */
export async function sessionsOf(stack: Mailboxes, number: number): Promise<number> {
  const sql = 'SELECT count(*)::int AS count FROM session WHERE key_hash = $1';
  const [row] = await query<{ count: number }>(stack, sql, [await keyHashOf(stack, number)]);
  return row?.count ?? 0;
}
