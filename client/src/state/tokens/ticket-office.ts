/** Buys upload tickets with tokens, and keeps what is left of them for a few minutes (SPEC.md §13, §22.2). */
import { hex, isRelayError, TICKET_SECONDS } from '@relay/protocol';
import { epochOf } from './token-document.ts';
import type { TokenStock } from './token-stock.ts';

/** A ticket, and what it tells of the mailbox. */
export interface BoughtTicket {
  ticket: Uint8Array;
  /** Blobs that it still carries. */
  blobs: number;
  /** Blobs for which the mailbox has room besides, rounded down, and that it holds at most. */
  room: number;
  capacity: number;
  /** Something went under it before. */
  isUsed?: boolean;
}

/** What the office needs of the world. */
export interface TicketOfficeParts {
  stock: Pick<TokenStock, 'take' | 'refused'>;
  /** Asks the relay, with a token (100 bytes) and nothing else, for a ticket. */
  buy(token: Uint8Array, recipient: Uint8Array): Promise<BoughtTicket>;
  now(): number;
}

/** A ticket is not used in the last part of its life: an upload takes its time. */
const USE_MS = (TICKET_SECONDS - 60) * 1_000;
/** What a ticket told of a mailbox's room is believed for so long. */
const ROOM_MS = 60_000;
/** Tokens that are tried for one ticket: each may have been spent by a request whose answer was lost, or be of a key that has ended. */
const ATTEMPTS = 5;

interface Kept {
  ticket: BoughtTicket;
  boughtAt: number;
}

/** The tickets of one page. */
export class TicketOffice {
  readonly #parts: TicketOfficeParts;
  /** Tickets that nobody uses now, by recipient. */
  readonly #kept = new Map<string, Kept>();
  /** Since when each ticket is there. */
  readonly #boughtAt = new WeakMap<Uint8Array, number>();
  /**
   * Tokens that were shown for a recipient and got no ticket. They may be shown again for the same one only: for another, the relay would learn that
   * one member writes to both.
   */
  readonly #shown = new Map<string, Uint8Array>();

  constructor(parts: TicketOfficeParts) {
    this.#parts = parts;
  }

  /**
   * A ticket for a recipient (key hash, 32 bytes): what is left of one, or a new one.
   * @throws RelayError
   */
  async take(recipient: Uint8Array): Promise<BoughtTicket> {
    const kept = this.#takeKept(hex(recipient), USE_MS);
    return kept ?? this.#buy(recipient);
  }

  /** Gives back what is left of a ticket. It serves what goes to the same recipient next. */
  giveBack(recipient: string, { ticket, blobs }: Pick<BoughtTicket, 'ticket' | 'blobs'>): void {
    const boughtAt = this.#boughtAt.get(ticket);
    if (blobs === 0 || boughtAt === undefined) return;
    this.#kept.set(recipient, {
      ticket: { ticket, blobs, room: 0, capacity: 0, isUsed: true },
      boughtAt,
    });
  }

  /** What a mailbox has room for. The ticket that tells it serves what is sent next. @throws RelayError */
  async room(recipient: Uint8Array): Promise<Pick<BoughtTicket, 'room' | 'capacity'>> {
    const name = hex(recipient);
    const kept = this.#kept.get(name);
    const isFresh =
      kept !== undefined && kept.ticket.capacity > 0 && this.#parts.now() - kept.boughtAt < ROOM_MS;
    if (isFresh) return kept.ticket;
    const ticket = await this.#buy(recipient);
    this.#kept.set(name, { ticket, boughtAt: this.#parts.now() });
    return ticket;
  }

  #takeKept(name: string, most: number): BoughtTicket | undefined {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    return kept !== undefined && this.#parts.now() - kept.boughtAt < most ? kept.ticket : undefined;
  }

  async #buy(recipient: Uint8Array): Promise<BoughtTicket> {
    const { stock, buy, now } = this.#parts;
    const name = hex(recipient);
    for (let attempt = 1; ; attempt++) {
      const token = this.#shown.get(name) ?? (await stock.take());
      this.#shown.delete(name);
      try {
        const boughtAt = now();
        const ticket = await buy(token, recipient);
        this.#boughtAt.set(ticket.ticket, boughtAt);
        return ticket;
      } catch (error) {
        const isSpent = isRelayError(error, 'token_spent');
        const isEnded = isRelayError(error, 'token_invalid');
        if (!isSpent && !isEnded) this.#shown.set(name, token);
        if (isEnded) await stock.refused(epochOf(token));
        if ((!isSpent && !isEnded) || attempt === ATTEMPTS) throw error;
      }
    }
  }
}
