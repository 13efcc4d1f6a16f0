import type { Bytes } from '@relay/protocol/wire';
import { HASH_BYTES, hex, RelayError, TICKET_BLOBS, TICKET_SECONDS } from '@relay/protocol/wire';
import { isMissingKey, isMissingMember } from '../database/faults.ts';
import { hashSecret } from '../hash.ts';
import type { Now } from '../time.ts';
import { currentHour, currentMinute, expiryMinute } from '../time.ts';
import type { SoundToken, TokenService } from '../tokens/service.ts';
import type { StoredTicket, TicketRepository } from './repository.ts';
import { hasRoom, roomBesides } from './room.ts';
import { createSales } from './sales.ts';

/** Upload tickets (SPEC.md §13). */
export type TicketService = ReturnType<typeof createTicketService>;

/** What the tickets need. */
export interface TicketParts {
  repository: TicketRepository;
  tokens: Pick<TokenService, 'check'>;
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
export function createTicketService({ repository, tokens, mailboxMaxBlobs, now, randomBytes }: TicketParts) {
  const sales = createSales();

  function makeTicket(mailbox: Bytes): { ticket: Bytes; stored: StoredTicket } {
    const ticket = randomBytes(HASH_BYTES);
    const expiry = expiryMinute(now(), TICKET_SECONDS);
    const stored = { ticketHash: hashSecret(ticket), mailbox, remaining: TICKET_BLOBS, expiryMinute: expiry };
    return { ticket, stored };
  }

  async function sell(sound: SoundToken, stored: StoredTicket): Promise<void> {
    const outcome = await repository.sell(sound, stored).catch((error: unknown) => {
      if (isMissingKey(error)) throw new RelayError('token_invalid');
      throw isMissingMember(error) ? new RelayError('recipient_unknown') : error;
    });
    if (outcome === 'ended') throw new RelayError('token_invalid');
    if (outcome === 'spent') throw new RelayError('token_spent');
  }

  return {
    /**
     * Sells a ticket for one mailbox to whoever shows a token. Nobody is asked who that is. The token is spent when this returns, and only then.
     * @param mailbox key hash of the recipient, 32 bytes
     * @param token 100 bytes; undefined when none was sent or it was malformed
     * @throws RelayError `token_invalid` before anything is said of the recipient, `token_spent`, `recipient_unknown`, `mailbox_full`
     */
    async buy(mailbox: Bytes, token: Bytes | undefined): Promise<SoldTicket> {
      const sound = await tokens.check(token);
      const name = hex(mailbox);
      const unseen = sales.look(name);
      const counted = { hour: currentHour(now()), most: mailboxMaxBlobs, minute: currentMinute(now()) };
      const { isKnown, isSpent, blobs, promised } = await repository.standing(mailbox, sound, counted);
      if (isSpent) throw new RelayError('token_spent');
      if (!isKnown) throw new RelayError('recipient_unknown');
      // Tickets that are being sold may stand among the promised ones too: then too much counts as taken, never too little.
      const taken = blobs + promised + unseen() * TICKET_BLOBS;
      if (!hasRoom(taken, mailboxMaxBlobs)) throw new RelayError('mailbox_full');
      const { ticket, stored } = makeTicket(mailbox);
      await sales.make(name, () => sell(sound, stored));
      // Tickets are left out: what they hold comes and goes within minutes, and would tell of every one that is sold.
      const room = roomBesides(blobs, mailboxMaxBlobs);
      return { ticket, room, capacity: mailboxMaxBlobs };
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
