import type { Bytes, MailboxEntry } from '@relay/protocol/wire';
import type { Now } from '../time.ts';
import { currentHour } from '../time.ts';
import type { MailboxRepository } from './repository.ts';

/** What the owner of a mailbox can do (SPEC.md §13). */
export type MailboxService = ReturnType<typeof createMailboxService>;

/** Blobs removed by one statement: so few that none takes long. */
const EMPTYING = 1_024;

/** Makes the service. `owner` is always the key hash that a session proved. */
export function createMailboxService(repository: MailboxRepository, now: Now) {
  return {
    /** All blobs, sorted by id. */
    list(owner: Bytes): Promise<MailboxEntry[]> {
      return repository.list(owner, currentHour(now()));
    },

    /** Streams the frames of those of the named blobs that are there. */
    fetch(owner: Bytes, ids: readonly Bytes[], gone: AbortSignal): AsyncIterable<Uint8Array> {
      return repository.fetch(owner, ids, currentHour(now()), gone);
    },

    /** Removes the named blobs; resolves to the number of those that were there. */
    remove(owner: Bytes, ids: readonly Bytes[]): Promise<number> {
      return repository.remove(owner, ids, currentHour(now()));
    },

    /** Removes all blobs; resolves to the number of those that were there. */
    async empty(owner: Bytes): Promise<number> {
      const hour = currentHour(now());
      let deleted = 0;
      for (let isEmpty = false; !isEmpty; ) {
        const { all, alive } = await repository.removeSome(owner, EMPTYING, hour);
        deleted += alive;
        isEmpty = all < EMPTYING;
      }
      return deleted;
    },
  };
}
