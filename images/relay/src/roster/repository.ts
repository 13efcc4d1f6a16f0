import type { Bytes } from '@relay/protocol/wire';
import type { PrismaClient } from '../generated/client.ts';

/** The served roster update (SPEC.md §16). */
export type RosterRepository = ReturnType<typeof createRosterRepository>;

/** @param prisma the database; every method throws its errors */
export function createRosterRepository(prisma: PrismaClient) {
  return {
    /** The latest update, 131,072 bytes; undefined when there is none. */
    async find(): Promise<Bytes | undefined> {
      return (await prisma.rosterUpdate.findFirst())?.body;
    },

    /** Replaces the update by a newer one of 131,072 bytes. */
    async replace(body: Bytes): Promise<void> {
      await prisma.rosterUpdate.upsert({ where: { only: true }, create: { body }, update: { body } });
    },
  };
}
