import type { Bytes } from '@relay/protocol/wire';
import { HASH_BYTES, RelayError, TICKET_BLOBS, TICKET_SECONDS } from '@relay/protocol/wire';
import { isMissingMember } from '../database/faults.ts';
import { hashSecret } from '../hash.ts';
import type { Now } from '../time.ts';
import { currentHour, currentMinute, expiryMinute } from '../time.ts';
import type { TicketRepository } from './repository.ts';
import { hasRoom, roomBesides } from './room.ts';

/** Upload tickets (SPEC.md §13). */
export type TicketService = ReturnType<typeof createTicketService>;

/** What the tickets need. */
export interface TicketParts {
  repository: TicketRepository;
  /** Blobs that a mailbox may hold. */
  mailboxMaxBlobs: number;
  now: Now;
  randomBytes(n: number): Bytes;
}

/** A ticket as it is sold. */
export interface SoldTicket {
  /** 32 bytes. */
  ticket: Bytes;
  /** Blobs for which the mailbox has room besides, rounded down. */
  room: number;
  /** Blobs that a mailbox may hold. */
  capacity: number;
}

/** Makes the service. Its methods throw RelayErrors and errors of the database. */
export function createTicketService({ repository, mailboxMaxBlobs, now, randomBytes }: TicketParts) {
  return {
    /**
     * Sells a ticket for one mailbox. Who buys is not asked here, and not stored.
     * @param mailbox key hash of the recipient, 32 bytes
     * @throws RelayError `recipient_unknown`, `mailbox_full`
     */
    async buy(mailbox: Bytes): Promise<SoldTicket> {
      if (!(await repository.hasMailbox(mailbox))) throw new RelayError('recipient_unknown');
      const blobs = await repository.countBlobs(mailbox, currentHour(now()), mailboxMaxBlobs);
      if (!hasRoom(blobs, mailboxMaxBlobs)) throw new RelayError('mailbox_full');
      const ticket = randomBytes(HASH_BYTES);
      await repository
        .addTicket({
          ticketHash: hashSecret(ticket),
          mailbox,
          remaining: TICKET_BLOBS,
          expiryMinute: expiryMinute(now(), TICKET_SECONDS),
        })
        .catch((error: unknown) => {
          throw isMissingMember(error) ? new RelayError('recipient_unknown') : error;
        });
      return { ticket, room: roomBesides(blobs, mailboxMaxBlobs), capacity: mailboxMaxBlobs };
    },

    /**
     * Spends one blob of a ticket.
     * @returns the mailbox that it opens, 32 bytes
     * @throws RelayError `ticket_invalid`
     */
    async spend(ticket: Bytes): Promise<Bytes> {
      const mailbox = await repository.spend(hashSecret(ticket), currentMinute(now()));
      if (!mailbox) throw new RelayError('ticket_invalid');
      return mailbox;
    },
  };
}
