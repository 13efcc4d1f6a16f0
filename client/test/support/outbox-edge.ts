/** An outbox between a store and a relay that do as they are told. */
import type { BodyRecord } from '@relay/protocol';
import { decodeCbor, encodeCbor, hex, RelayError, randomBytes } from '@relay/protocol';
import type { Parcel } from '../../src/crypto/parcel.ts';
import type { Letter } from '../../src/state/outbox/letter.ts';
import { fitTogether } from '../../src/state/outbox/letter.ts';
import type { Mail, OutboxParts } from '../../src/state/outbox/outbox.ts';
import { Outbox } from '../../src/state/outbox/outbox.ts';
import { targetsOf } from '../../src/state/outbox/sent-log.ts';
import type { LocalStore } from '../../src/storage/local-store.ts';
import { memoryLocalStore } from '../../src/storage/local-store.ts';

/** Hexadecimal ids that are easy to tell apart. */
export const idOf = (name: number, length = 16) => hex(new Uint8Array(length).fill(name));
/** Record hash of a name. */
export const hashOf = (name: number) => idOf(name, 32);
/** Key hashes of two recipients and of the member itself. */
export const [BOB, CAROL, SELF] = [idOf(0xb0, 32), idOf(0xc0, 32), idOf(0x5e, 32)];

/** What differs from a short record to Bob, of now, that may leave at once. */
export interface MailChange extends Partial<Omit<Mail, 'record'>> {
  /** Size of the record: two of 40,000 do not share a blob. */
  bytes?: number;
  /** File key. */
  file?: Uint8Array;
}

/** A record with a name from 0 to 255, to be sent. */
export function mail(name: number, { bytes = 100, file, ...change }: MailChange = {}): Mail {
  const content = new Uint8Array(bytes).fill(name);
  const record = { hash: hashOf(name), content, private: file === undefined ? {} : { file } };
  return { recipient: BOB, record, at: Date.now(), due: Date.now(), ...change };
}
/** A record that shares its blob with no other of its sort. */
export const big = (name: number, change: MailChange = {}) => mail(name, { bytes: 40_000, ...change });

/** A sealed chunk. */
export function chunk(name: number, recipient = BOB): Parcel {
  return { id: idOf(name), recipient, frame: encodeCbor({ id: idOf(name), kind: 'chunk', names: [name] }) };
}

/** A blob as the fake relay sees it: the fake seal hides nothing. */
export interface FakeBlob {
  id: string;
  recipient: string;
  kind: 'message' | 'sentLog' | 'chunk';
  names: number[];
  /** Of a sent log: to whom each record went, under which blob ids. */
  to: [string, string][][];
}

function seal(recipient: string, kind: string, records: readonly BodyRecord[]): Parcel {
  if (!fitTogether(records)) throw new RangeError('too much for one blob');
  const id = hex(randomBytes(16));
  const names = records.map(({ content }) => content[0] as number);
  const to =
    kind === 'sentLog'
      ? records.map((line) => targetsOf(line).map(({ member, blob }) => [hex(member), hex(blob)]))
      : [];
  return { id, recipient, frame: encodeCbor({ id, kind, names, to }) };
}

/** A relay that keeps everything that it was given, in order. */
export function fakeRelay(ticketBlobs = 32) {
  const relay = {
    ticketBlobs,
    blobs: [] as FakeBlob[],
    /** Number of the ticket that each came under. */
    under: [] as number[],
    frames: new Map<string, string>(),
    /** Uploads under a good ticket, taken or not. */
    attempts: 0,
    /** Key hash by ticket number. */
    tickets: [] as string[],
    left: [] as number[],
    /** Uploads under a ticket that was spent. */
    overdrawn: 0,
    /** Other bytes under an id that was there. */
    conflicts: 0,
    of: (kind: FakeBlob['kind'], recipient?: string) =>
      relay.blobs.filter((blob) => blob.kind === kind && (recipient ?? blob.recipient) === blob.recipient),
    /** Names of the records that arrived, in order. */
    get stored(): number[] {
      return relay.of('message').flatMap(({ names }) => names);
    },
  };
  return relay;
}

/** Changes what the outbox is given; `before`, `after` and `buyTicket` are asked when the fake relay is. */
export interface EdgeOptions {
  store?: LocalStore;
  relay?: ReturnType<typeof fakeRelay>;
  /** Before the relay takes a blob. */
  before?: (blob: FakeBlob, attempt: number) => void | Promise<void>;
  /** When the relay has it, and the answer is on its way. */
  after?: (blob: FakeBlob) => void | Promise<void>;
  buyTicket?: (recipient: string) => void;
  parts?: Partial<OutboxParts>;
}

/** An outbox, the relay that it sends to, and what the outbox told. */
export function edge({ store = memoryLocalStore(), relay = fakeRelay(), ...options }: EdgeOptions = {}) {
  const told = {
    changed: 0,
    storage: 0,
    logRefused: [] as string[],
    acknowledged: [] as [number[], string][],
  };
  const outbox = new Outbox({
    store,
    self: SELF,
    sentLogMinutes: [5, 30],
    seal: async (recipient, kind, records) => seal(recipient, kind, records),
    sealLocal: async (plaintext) => plaintext.map((byte) => byte ^ 0xa5),
    openLocal: async (sealed) => sealed.map((byte) => byte ^ 0xa5),
    async buyTicket(recipient) {
      options.buyTicket?.(hex(recipient));
      relay.tickets.push(hex(recipient));
      relay.left.push(relay.ticketBlobs);
      const number = relay.tickets.length - 1;
      return { ticket: Uint8Array.of(number >> 8, number & 255), blobs: relay.ticketBlobs };
    },
    async upload(ticket, frame) {
      const number = (ticket[0] as number) * 256 + (ticket[1] as number);
      if ((relay.left[number] ?? 0) <= 0) {
        relay.overdrawn++;
        throw new RelayError('ticket_invalid');
      }
      relay.left[number] = (relay.left[number] as number) - 1;
      const recipient = relay.tickets[number] as string;
      const blob = { ...(decodeCbor(frame) as object), recipient } as FakeBlob;
      relay.attempts++;
      await options.before?.(blob, relay.attempts);
      const known = relay.frames.get(blob.id);
      if (known !== undefined && known !== hex(frame)) {
        relay.conflicts++;
        throw new RelayError('blob_conflict');
      }
      if (known === undefined) {
        relay.blobs.push(blob);
        relay.under.push(number);
        relay.frames.set(blob.id, hex(frame));
      }
      await options.after?.(blob);
    },
    exclusively: (work) => work(),
    now: () => Date.now(),
    changed: () => told.changed++,
    storageFailed: () => told.storage++,
    acknowledged: ({ records }, blob) =>
      told.acknowledged.push([records.map(({ content }) => content[0] as number), blob]),
    logRefused: (code) => told.logRefused.push(code),
    ...options.parts,
  });
  return { outbox, relay, store, told };
}

/** Names of the records of letters that are no sent log. */
export const namesIn = (letters: readonly Letter[]) =>
  letters
    .filter(({ purpose }) => purpose === 'message')
    .map(({ records }) => records.map(({ content }) => content[0] as number));

/** Fails with a code whenever it is asked. */
export const failing = (code: ConstructorParameters<typeof RelayError>[0], retryAfter?: number) => () => {
  throw new RelayError(code, undefined, retryAfter === undefined ? {} : { retryAfter });
};
