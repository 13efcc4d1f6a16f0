import { mkdtempSync, rmSync } from 'node:fs';
import type { PostgresOptions, PostgresServer } from '@relay/demo/postgres';
import { createDatabase, startPostgres } from '@relay/demo/postgres';
import { ownPort } from '@relay/demo/turn-server';
import { applyGrants } from '../../src/database/grants.ts';
import { migrate } from '../../src/database/migrations.ts';
import { databaseStatements } from './appliance.ts';
import { sql } from './database.ts';

/** The relay's roles, as images/postgres makes them. */
export const ROLES = ['owner', 'relay', 'worker', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A database that several roles share, on a server of its own, since roles belong to a server. */
export interface RolesDatabase {
  /** Database URL of a role. */
  as: Readonly<Record<Role, string>>;
  /** Database URL of the superuser. */
  superuser: string;
  /** The server, which can be killed; and what it holds: its cluster and its log. */
  server: PostgresServer;
  /** Starts the server again, on the same port with the same data. */
  restart(): Promise<void>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

/**
 * Starts a server with the roles and a database that is migrated by its owner, with every role's rights.
 * @param options of the server
 */
export async function startRolesDatabase(
  options: Omit<PostgresOptions, 'dataDir'> = {},
): Promise<RolesDatabase> {
  const dataDir = mkdtempSync('/var/tmp/relay-test-');
  const port = await ownPort();
  let server = await startPostgres({ ...options, dataDir, port });
  for (const role of ROLES) await sql(server.url, `CREATE ROLE relay_${role} LOGIN PASSWORD 'password'`);
  const superuser = await createDatabase(server.url, 'relay');
  await sql(superuser, databaseStatements());
  const urls = ROLES.map((role) => [role, `postgres://relay_${role}:password@127.0.0.1:${port}/relay`]);
  const as = Object.fromEntries(urls) as RolesDatabase['as'];
  await migrate(as.owner);
  await applyGrants(as.owner);
  return {
    as,
    superuser,
    get server() {
      return server;
    },
    restart: async () => {
      server = await startPostgres({ ...options, dataDir, port });
    },
    remove: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What the roles other than the owner may do, as `role: right table` or `role: right table (column)`, sorted. */
export async function listRights(superuser: string): Promise<string[]> {
  const { rows } = await sql(
    superuser,
    `SELECT format('%s: %s %s', grantee::regrole, lower(privilege_type), thing) AS line FROM (
       SELECT relname AS thing, (aclexplode(relacl)).* FROM pg_class WHERE relnamespace = 'public'::regnamespace
       UNION ALL
       SELECT format('%s (%s)', relname, attname), (aclexplode(attacl)).* FROM pg_attribute
         JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
     ) AS rights WHERE grantee <> 'relay_owner'::regrole`,
  );
  return rows.map(({ line }) => line as string).sort();
}
