import { fromHex, isRelayError } from '@relay/protocol';
import type { Parcel } from '../../crypto/parcel.ts';

/** An upload ticket (SPEC.md §13). */
export interface Ticket {
  ticket: Uint8Array;
  /** Blobs that it carries. */
  blobs: number;
}

/** What a carriage needs of the world. */
export interface CarriageParts {
  /** Buys a ticket for a key hash (32 bytes). */
  buyTicket(recipient: Uint8Array): Promise<Ticket>;
  upload(ticket: Uint8Array, frame: Uint8Array): Promise<void>;
}

/** Uploads blobs for one recipient, under one ticket while it lasts; several at once share it. */
export class Carriage {
  readonly #parts: CarriageParts;
  #ticket: Ticket | undefined;
  #buying: Promise<void> | undefined;

  constructor(parts: CarriageParts) {
    this.#parts = parts;
  }

  /**
   * Uploads one blob; when the ticket turns out to be invalid, once more under a new one.
   * @throws RelayError
   */
  async carry(parcel: Parcel): Promise<void> {
    const isFresh = this.#ticket === undefined || this.#ticket.blobs === 0;
    try {
      await this.#upload(parcel);
    } catch (error) {
      if (isFresh || !isRelayError(error, 'ticket_invalid')) throw error;
      await this.#upload(parcel);
    }
  }

  async #upload({ recipient, frame }: Parcel): Promise<void> {
    const ticket = await this.#take(recipient);
    try {
      await this.#parts.upload(ticket, frame);
    } catch (error) {
      // What is wrong with it, or whether it still holds, is not known.
      if (this.#ticket?.ticket === ticket) this.#ticket = undefined;
      throw error;
    }
  }

  /** Takes one blob off the ticket: each attempt spends one, also one that fails. */
  async #take(recipient: string): Promise<Uint8Array> {
    while (this.#ticket === undefined || this.#ticket.blobs === 0) {
      this.#buying ??= this.#buy(recipient).finally(() => {
        this.#buying = undefined;
      });
      await this.#buying;
    }
    const { ticket, blobs } = this.#ticket;
    this.#ticket = { ticket, blobs: blobs - 1 };
    return ticket;
  }

  async #buy(recipient: string): Promise<void> {
    const { ticket, blobs } = await this.#parts.buyTicket(fromHex(recipient));
    this.#ticket = { ticket, blobs };
  }
}
