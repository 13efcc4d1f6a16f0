import './no-debug.ts';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool, PoolConfig } from 'pg';
import { PrismaClient } from '../generated/client.ts';
import { createFairQueue } from '../limits/fair-queue.ts';
import { FairPool } from './fair-pool.ts';

/** The ways to one database. */
export interface Database {
  /** Metadata. */
  prisma: PrismaClient;
  /** The same connections, for statements that Prisma would slow down. */
  pool: Pool;
  /** Connections for downloads, apart, so that slow readers never hold up anything else. */
  streams: Pool;
  /** Ends every connection, after the statements under way. */
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
const STATEMENT_MS = 20_000;

/** Connections that stay free for others, however much one asks for; half of them where there are few. */
const FREE_FOR_OTHERS = 6;
/** Connections of one while others work too. */
const BESIDE_OTHERS = 3;

function openPool(connectionString: string, more: PoolConfig & { max: number }): Pool {
  const { max } = more;
  const each = Math.max(1, max - Math.min(FREE_FOR_OTHERS, Math.ceil(max / 2)));
  const pool = new FairPool(createFairQueue({ all: max, each, beside: Math.min(each, BESIDE_OTHERS) }), {
    connectionString,
    application_name: 'relay',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    // An upload is acknowledged when it is on disk, whatever the server's default.
    options: '-c synchronous_commit=on',
    ...more,
  });
  // A connection that breaks also fails the statement that uses it; without listeners it would end the process besides.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Opens a database. Nothing is connected before the first statement, so this works while the database is away.
 *
 * @param databaseUrl `postgres://…`
 * @param connections at most, for statements and for downloads
 */
export function openDatabase(databaseUrl: string, connections = { statements: 16, streams: 12 }): Database {
  const pool = openPool(databaseUrl, { max: connections.statements, query_timeout: STATEMENT_MS });
  const streams = openPool(databaseUrl, { max: connections.streams });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  return {
    prisma,
    pool,
    streams,
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([pool.end(), streams.end()]);
    },
  };
}
