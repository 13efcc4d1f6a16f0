import { fromHex, isRelayError } from '@relay/protocol';
import type { OutboxItem } from './outbox-item.ts';

/** An upload ticket (SPEC.md §13). */
export interface Ticket {
  ticket: Uint8Array;
  /** Blobs that it still carries. */
  blobs: number;
}

/** What a carriage needs of the world. */
export interface CarriageParts {
  /** Buys a ticket for a key hash (32 bytes). */
  buyTicket(recipient: Uint8Array): Promise<Ticket>;
  upload(ticket: Uint8Array, frame: Uint8Array): Promise<void>;
}

/** Uploads items for one recipient, under one ticket while it lasts. */
export class Carriage {
  readonly #parts: CarriageParts;
  #ticket: Ticket | undefined;

  constructor(parts: CarriageParts) {
    this.#parts = parts;
  }

  /**
   * Uploads one item; when the ticket turns out to be invalid, once more under a new one.
   * @throws RelayError
   */
  async carry(item: Pick<OutboxItem, 'recipient' | 'frame'>): Promise<void> {
    const held = this.#ticket !== undefined && this.#ticket.blobs > 0;
    try {
      await this.#upload(item);
    } catch (error) {
      this.#ticket = undefined;
      if (!held || !isRelayError(error, 'ticket_invalid')) throw error;
      await this.#upload(item);
    }
  }

  async #upload({ recipient, frame }: Pick<OutboxItem, 'recipient' | 'frame'>): Promise<void> {
    if (this.#ticket === undefined || this.#ticket.blobs === 0)
      this.#ticket = await this.#parts.buyTicket(fromHex(recipient));
    const { ticket, blobs } = this.#ticket;
    // Each attempt spends one, also one that fails.
    this.#ticket = { ticket, blobs: blobs - 1 };
    await this.#parts.upload(ticket, frame);
  }
}
