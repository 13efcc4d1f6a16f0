/** Repositories of the relay with a check left out, to see whether a test of answers and times finds that. */
import { RelayError } from '@relay/protocol/wire';
import type { createBlobRepository } from '../../src/blobs/repository.ts';
import type { createSessionRepository } from '../../src/sessions/repository.ts';

/** What is left out; nothing when undefined. */
export interface Leak {
  now: 'signature of unknown keys' | 'secrets of absent blobs' | undefined;
}

/** Signatures of keys that are not allowed are not waited for: an early return that looks harmless. */
export function leakySessions(
  create: typeof createSessionRepository,
  leak: Leak,
): typeof createSessionRepository {
  return (prisma) => {
    const sound = create(prisma);
    return {
      ...sound,
      isMember: async (keyHash) => {
        const isMember = await sound.isMember(keyHash);
        if (!isMember && leak.now === 'signature of unknown keys') throw new RelayError('unauthenticated');
        return isMember;
      },
    };
  };
}

/** Whether a blob is there is looked at first, and only then whether the secret is right. */
export function leakyBlobs(create: typeof createBlobRepository, leak: Leak): typeof createBlobRepository {
  return (database) => {
    const sound = create(database);
    return {
      ...sound,
      remove: async (capabilities, hour) => {
        if (leak.now === 'secrets of absent blobs') {
          const ids = capabilities.map(({ id }) => id);
          if ((await database.prisma.blob.count({ where: { id: { in: ids } } })) === 0) return 0;
        }
        return sound.remove(capabilities, hour);
      },
    };
  };
}
