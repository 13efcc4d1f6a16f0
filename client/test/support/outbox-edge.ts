/** An outbox between a store and a relay that do as they are told. */
import { hex, RelayError, UPLOAD_FRAME_BYTES } from '@relay/protocol';
import type { OutboxParts } from '../../src/state/outbox.ts';
import { Outbox } from '../../src/state/outbox.ts';
import type { NewOutboxItem } from '../../src/state/outbox-item.ts';
import type { OutboxStore } from '../../src/storage/outbox-store.ts';
import { memoryOutboxStore } from '../../src/storage/outbox-store.ts';
import { NOW } from './records.ts';

/** Hexadecimal ids that are easy to tell apart. */
export const idOf = (name: number, length = 16) => hex(new Uint8Array(length).fill(name));
/** Key hashes of two recipients and of the member itself. */
export const [BOB, CAROL, SELF] = [idOf(0xb0, 32), idOf(0xc0, 32), idOf(0x5e, 32)];

/** An item; its frame begins with its id. */
export function item(name: number, change: Partial<NewOutboxItem> = {}): NewOutboxItem {
  const frame = new Uint8Array(UPLOAD_FRAME_BYTES).fill(name);
  const base = { id: idOf(name), recipient: BOB, purpose: 'message' as const, record: idOf(name, 32) };
  return { ...base, since: NOW, due: NOW, frame, ...change };
}

/** Changes what the outbox is given; `upload` and `buyTicket` are asked before the fake relay takes anything. */
export interface EdgeOptions {
  store?: OutboxStore;
  upload?: (id: number, attempt: number) => void | Promise<void>;
  buyTicket?: (attempt: number) => void;
  ticketBlobs?: number;
  parts?: Partial<OutboxParts>;
}

/** An outbox, what reached the relay, and what the outbox told. */
export function edge({ store = memoryOutboxStore(), ticketBlobs = 32, ...options }: EdgeOptions = {}) {
  const relay = {
    now: NOW,
    /** Names of the items that were stored, in order, and the ticket each came under. */
    stored: [] as number[],
    under: [] as number[],
    attempts: 0,
    /** Key hash by ticket number. */
    tickets: [] as string[],
    left: [] as number[],
    /** Uploads under a ticket that was spent. */
    overdrawn: 0,
    told: { changed: 0, storage: 0, refused: [] as string[], leaving: [] as string[] },
  };
  const outbox = new Outbox({
    store,
    sealLocal: async (plaintext) => plaintext.map((byte) => byte ^ 0xa5),
    openLocal: async (sealed) => sealed.map((byte) => byte ^ 0xa5),
    async buyTicket(recipient) {
      options.buyTicket?.(relay.tickets.length + 1);
      relay.tickets.push(hex(recipient));
      relay.left.push(ticketBlobs);
      return { ticket: Uint8Array.of(relay.tickets.length - 1), blobs: ticketBlobs };
    },
    async upload(ticket, frame) {
      const [number = -1] = ticket;
      if ((relay.left[number] ?? 0) <= 0) {
        relay.overdrawn++;
        throw new RelayError('ticket_invalid');
      }
      relay.left[number] = (relay.left[number] as number) - 1;
      await options.upload?.(frame[0] as number, ++relay.attempts);
      relay.stored.push(frame[0] as number);
      relay.under.push(number);
    },
    exclusively: (work) => work(),
    now: () => relay.now,
    changed: () => relay.told.changed++,
    storageFailed: () => relay.told.storage++,
    holds: () => false,
    refused: ({ id }, code) => relay.told.refused.push(`${id.slice(0, 2)} ${code}`),
    leaving: ({ id }) => relay.told.leaving.push(id),
    ...options.parts,
  });
  return { outbox, relay, store };
}

/** Fails with a code whenever it is asked. */
export const failing = (code: ConstructorParameters<typeof RelayError>[0], retryAfter?: number) => () => {
  throw new RelayError(code, undefined, retryAfter === undefined ? {} : { retryAfter });
};
