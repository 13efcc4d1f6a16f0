/** What an operator's tools do to a relay's database (`relay-admin` imports this and no more of the relay). */
import type { Allowlist, Bytes } from '@relay/protocol/wire';
import { equalBytes, RelayError, ROSTER_UPDATE_BYTES } from '@relay/protocol/wire';
import { isDatabaseAway } from './database/faults.ts';
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
  close(): Promise<void>;
}

/** Opens a relay's database, `postgres://…`. Nothing is connected before the first call. */
export function connect(databaseUrl: string, now: Now = Date.now): AdminStore {
  const database = openDatabase(databaseUrl, { statements: 2, streams: 1 });
  const { prisma } = database;
  return {
    seed: (allowlist, { prune }) => guarded(() => seed(prisma, allowlist, prune)),
    listMembers: () => guarded(() => listMembers(prisma, currentHour(now()))),
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

function seed(prisma: PrismaClient, { circleId, keyHashes }: Allowlist, prune: boolean): Promise<SeedResult> {
  return prisma.$transaction(async (transaction) => {
    await transaction.circle.createMany({ data: { circleId }, skipDuplicates: true });
    const circle = await transaction.circle.findFirstOrThrow();
    if (!equalBytes(circle.circleId, circleId)) throw new RelayError('circle_mismatch');
    const data = keyHashes.map((keyHash) => ({ keyHash }));
    const { count: added } = await transaction.member.createMany({ data, skipDuplicates: true });
    const others = { keyHash: { notIn: keyHashes } };
    const removed = prune ? (await transaction.member.deleteMany({ where: others })).count : 0;
    const kept = await transaction.member.count({ where: others });
    return { added, unchanged: keyHashes.length - added, removed, kept };
  });
}

async function listMembers(prisma: PrismaClient, hour: number): Promise<StoredMember[]> {
  const members = await prisma.member.findMany({
    select: { keyHash: true, _count: { select: { blobs: { where: { expiryHour: { gt: hour } } } } } },
    orderBy: { keyHash: 'asc' },
  });
  return members.map(({ keyHash, _count }) => ({ keyHash, blobs: _count.blobs }));
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDatabaseAway(error) ? new RelayError('unavailable', undefined, { cause: error }) : error;
  }
}
