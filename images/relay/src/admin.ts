/** What an operator's tools do to a relay's database (`relay-admin` imports this and no more of the relay). */
import type { Allowlist, Bytes } from '@relay/protocol/wire';
import { equalBytes, RelayError, ROSTER_UPDATE_BYTES } from '@relay/protocol/wire';
import type { DayOfExpiry } from './blobs/operator.ts';
import { countByDay, countExpired, removeBlobs } from './blobs/operator.ts';
import { isDatabaseAway } from './database/faults.ts';
import type { MigrationState } from './database/migrations.ts';
import { inspectMigrations } from './database/migrations.ts';
import type { Database } from './database/pools.ts';
import { openDatabase } from './database/pools.ts';
import type { PrismaClient } from './generated/client.ts';
import { createRosterRepository } from './roster/repository.ts';
import type { Now } from './time.ts';
import { currentHour } from './time.ts';

/** What seeding changed, in members. */
export interface SeedResult {
  added: number;
  unchanged: number;
  /** Removed, with their mailboxes, sessions and sockets: only with `prune`. */
  removed: number;
  /** In the database and not in the file, and left there. */
  kept: number;
}

/** A member as the relay knows it. */
export interface StoredMember {
  /** 32 bytes. */
  keyHash: Bytes;
  /** Blobs in its mailbox that are alive. */
  blobs: number;
}

export type { DatabaseProblem } from './database/faults.ts';
export { databaseProblem } from './database/faults.ts';
export type { DayOfExpiry, MigrationState };

/** What there is in all. Nothing in it is of one member, nor tells who is there. */
export interface Totals {
  /** Keys that the relay serves. */
  members: number;
  /** Blobs that are alive. */
  blobs: number;
  /** Blobs that have expired and wait for the worker. */
  expired: number;
  /** The whole database on disk, in bytes. */
  databaseBytes: number;
}

/** An open database. Every method throws RelayErrors: `unavailable` when the database is away or not migrated. */
export interface AdminStore {
  /**
   * Sets up the circle, or adds to it. Doing it again changes nothing.
   * @param allowlist the content of `allowed-keys-seed.json`
   * @param options `prune` removes members that the file does not list
   * @throws RelayError `circle_mismatch` when another circle is set up here; nothing is changed
   */
  seed(allowlist: Allowlist, options: { prune: boolean }): Promise<SeedResult>;
  /** All members, sorted by key hash. */
  listMembers(): Promise<StoredMember[]>;
  /**
   * Removes a member with its mailbox and its sessions; every relay process ends its sockets.
   * @param keyHash 32 bytes
   * @returns whether it was there
   */
  revoke(keyHash: Bytes): Promise<boolean>;
  /**
   * Replaces the roster update that is served (SPEC.md §16).
   * @throws RelayError `bad_request` unless it is 131,072 bytes
   */
  publishRosterUpdate(update: Bytes): Promise<void>;
  /** Counts blobs by day of expiry, soonest first; those that have expired and wait for the worker are among them. */
  countByDay(): Promise<DayOfExpiry[]>;
  /** What there is in all. */
  totals(): Promise<Totals>;
  /** Which migrations it lacks, and whether its history is that of this version. */
  migrations(): Promise<MigrationState>;
  /**
   * Removes blobs, and gives their room back. Interrupted and run again, it goes on.
   * @param which those that have expired, or all
   * @param onRemoved told as it goes on, with the sum
   * @returns how many
   */
  removeBlobs(which: 'expired' | 'all', onRemoved?: (sum: number) => void): Promise<number>;
  close(): Promise<void>;
}

/** Opens a relay's database, `postgres://…`. Nothing is connected before the first call. */
export function connect(databaseUrl: string, now: Now = Date.now): AdminStore {
  const database = openDatabase(databaseUrl, { statements: 2, streams: 1 });
  const { prisma, pool } = database;
  const hour = () => currentHour(now());
  return {
    countByDay: () => guarded(() => countByDay(pool)),
    totals: () => guarded(() => totals(database, hour())),
    migrations: () => guarded(() => inspectMigrations(pool)),
    removeBlobs: (which, onRemoved) =>
      guarded(() => removeBlobs(pool, which === 'all' ? undefined : hour(), onRemoved)),
    seed: (allowlist, { prune }) => guarded(() => seed(prisma, allowlist, prune)),
    listMembers: () => guarded(() => listMembers(prisma, hour())),
    revoke: (keyHash) =>
      guarded(async () => (await prisma.member.deleteMany({ where: { keyHash } })).count === 1),
    publishRosterUpdate: async (update) => {
      if (update.length !== ROSTER_UPDATE_BYTES) {
        throw new RelayError('bad_request', `A roster update is exactly ${ROSTER_UPDATE_BYTES} bytes.`);
      }
      await guarded(() => createRosterRepository(prisma).replace(update));
    },
    close: () => database.close(),
  };
}

/** Revoking somebody must not fail because the machine is busy, or because much that was spent goes along. In milliseconds. */
const PATIENCE = { maxWait: 15_000, timeout: 60_000 };

function seed(prisma: PrismaClient, { circleId, keyHashes }: Allowlist, prune: boolean): Promise<SeedResult> {
  return prisma.$transaction(async (transaction) => {
    await transaction.circle.createMany({ data: { circleId }, skipDuplicates: true });
    const circle = await transaction.circle.findFirstOrThrow();
    if (!equalBytes(circle.circleId, circleId)) {
      throw new RelayError(
        'circle_mismatch',
        'This allowlist is of another circle than the one that the relay serves; a relay serves one for good. Take the file that belongs to it. Nothing was changed.',
      );
    }
    const data = keyHashes.map((keyHash) => ({ keyHash }));
    const { count: added } = await transaction.member.createMany({ data, skipDuplicates: true });
    const others = { keyHash: { notIn: keyHashes } };
    const removed = prune ? (await transaction.member.deleteMany({ where: others })).count : 0;
    const kept = await transaction.member.count({ where: others });
    return { added, unchanged: keyHashes.length - added, removed, kept };
  }, PATIENCE);
}

async function listMembers(prisma: PrismaClient, hour: number): Promise<StoredMember[]> {
  const members = await prisma.member.findMany({
    select: { keyHash: true, _count: { select: { blobs: { where: { expiryHour: { gt: hour } } } } } },
    orderBy: { keyHash: 'asc' },
  });
  return members.map(({ keyHash, _count }) => ({ keyHash, blobs: _count.blobs }));
}

async function totals({ prisma, pool }: Database, hour: number): Promise<Totals> {
  const [members, days, expired, size] = await Promise.all([
    prisma.member.count(),
    countByDay(pool),
    countExpired(pool, hour),
    pool.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes'),
  ]);
  const blobs = days.reduce((sum, day) => sum + day.blobs, 0) - expired;
  return { members, blobs, expired, databaseBytes: Number(size.rows[0]?.bytes ?? 0) };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDatabaseAway(error) || isRefused(error)
      ? new RelayError('unavailable', undefined, { cause: error })
      : error;
  }
}

/** Whether the login lacks the right to do this, as that of another service would. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501';
}
