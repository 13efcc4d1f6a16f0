import { fromHex, isRelayError } from '@relay/protocol';
import type { Parcel } from '../../crypto/parcel.ts';

/** An upload ticket (SPEC.md §13). */
export interface Ticket {
  ticket: Uint8Array;
  /** Blobs that it carries. */
  blobs: number;
  /** Something went under it before, so it may have ended since. */
  isUsed?: boolean;
}

/** What a carriage needs of the world. */
export interface CarriageParts {
  /** Buys a ticket for a key hash (32 bytes). */
  buyTicket(recipient: Uint8Array): Promise<Ticket>;
  upload(ticket: Uint8Array, frame: Uint8Array): Promise<void>;
  /** Takes back what is left of a ticket for a recipient (hexadecimal key hash). */
  keepTicket?(recipient: string, ticket: Ticket): void;
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
    const ticket = await this.#take(parcel.recipient);
    try {
      await this.#upload(ticket, parcel);
    } catch (error) {
      if (!ticket.isUsed || !isRelayError(error, 'ticket_invalid')) throw error;
      await this.#upload(await this.#take(parcel.recipient), parcel);
    }
  }

  /** Gives back what is left of its ticket, for whatever goes to that recipient (hexadecimal key hash) next. */
  release(recipient: string): void {
    if (this.#ticket !== undefined) this.#parts.keepTicket?.(recipient, this.#ticket);
    this.#ticket = undefined;
  }

  async #upload({ ticket }: Ticket, { frame }: Parcel): Promise<void> {
    try {
      await this.#parts.upload(ticket, frame);
    } catch (error) {
      // What is wrong with it, or whether it still holds, is not known.
      if (this.#ticket?.ticket === ticket) this.#ticket = undefined;
      throw error;
    }
  }

  /** Takes one blob off the ticket: each attempt spends one, also one that fails. */
  async #take(recipient: string): Promise<Ticket> {
    while (this.#ticket === undefined || this.#ticket.blobs === 0) {
      this.#buying ??= this.#buy(recipient).finally(() => {
        this.#buying = undefined;
      });
      await this.#buying;
    }
    const taken = this.#ticket;
    this.#ticket = { ...taken, blobs: taken.blobs - 1, isUsed: true };
    return taken;
  }

  async #buy(recipient: string): Promise<void> {
    this.#ticket = await this.#parts.buyTicket(fromHex(recipient));
  }
}
