import type { Bytes, Capability, UploadFrame } from '@relay/protocol/wire';
import { hex, RelayError } from '@relay/protocol/wire';
import { isMissingMember } from '../database/faults.ts';
import { hashSecret } from '../hash.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { TicketService } from '../tickets/service.ts';
import type { Now } from '../time.ts';
import { currentHour } from '../time.ts';
import { expiryHour } from './expiry.ts';
import type { BlobRepository, HashedCapability } from './repository.ts';

/** A blob that arrived, as its owner hears of it. */
export interface Arrival {
  /** Key hash of the owner, 32 bytes. */
  mailbox: Uint8Array;
  /** Blob id, 16 bytes. */
  id: Uint8Array;
  expiryHour: number;
}

/** Uploads, and what capabilities open (SPEC.md §11, §13). */
export type BlobService = ReturnType<typeof createBlobService>;

/** What the blobs need. */
export interface BlobParts {
  repository: BlobRepository;
  tickets: Pick<TicketService, 'spend'>;
  /** How many blobs each mailbox takes; named by its key hash in hexadecimal. */
  mailboxes: Pick<Limiter, 'take'>;
  /** Tells the owner. It must not wait. */
  announce(arrival: Arrival): void;
  now: Now;
  /** A uniform whole number from 0 to `n − 1`, from a CSPRNG. */
  uniform(n: number): number;
}

/** A blob can vanish between the two statements of an upload; this often it does so by chance. */
const ATTEMPTS = 3;

/** Makes the service. Its methods throw RelayErrors and errors of the database. */
export function createBlobService({ repository, tickets, mailboxes, announce, now, uniform }: BlobParts) {
  async function store(blob: UploadFrame & { mailbox: Uint8Array }): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const expiry = expiryHour(now(), uniform);
      if (await repository.insert({ ...blob, expiryHour: expiry }, currentHour(now()))) return expiry;
      const found = await repository.compare(blob);
      if (found && !found.same) throw new RelayError('blob_conflict');
      if (found) return found.expiryHour;
    }
    throw new RelayError('unavailable', 'The blob is being removed at the same time. Try again.');
  }

  return {
    /**
     * Stores a blob in the mailbox that a ticket opens, and announces it; resolves when it is on disk. The same frame is accepted again,
     * and announced again: the first time nobody may have lived to do it.
     * @throws RelayError `ticket_invalid`, `rate_limited`, `blob_conflict`
     */
    async upload(ticket: Bytes, frame: UploadFrame): Promise<void> {
      const mailbox = await tickets.spend(ticket);
      mailboxes.take(hex(mailbox));
      const expiry = await store({ ...frame, mailbox }).catch((error: unknown) => {
        throw isMissingMember(error) ? new RelayError('ticket_invalid') : error;
      });
      announce({ mailbox, id: frame.id, expiryHour: expiry });
    },

    /** Streams the frames of the blobs whose read secrets are right; the others are left out. */
    read(capabilities: readonly Capability[], gone: AbortSignal): AsyncIterable<Uint8Array> {
      return repository.read(hashSecrets(capabilities), currentHour(now()), gone);
    },

    /** Removes the blobs whose delete secrets are right; resolves to their number. */
    async remove(capabilities: readonly Capability[]): Promise<number> {
      return repository.remove(hashSecrets(capabilities), currentHour(now()));
    },
  };
}

function hashSecrets(capabilities: readonly Capability[]): HashedCapability[] {
  return capabilities.map(({ id, secret }) => ({ id: id.slice(), hash: hashSecret(secret) }));
}
