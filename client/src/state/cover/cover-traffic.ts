/**
 * Cover traffic (SPEC.md §23): blobs that say nothing, and fetches of nothing that is wanted, at times that depend on nothing. Off unless the member
 * switches it on.
 */
import { fromHex, RelayError, randomBytes, TOKEN_BATCH } from '@relay/protocol';
import type { Parcel } from '../../crypto/parcel.ts';
import type { CarriageParts } from '../outbox/carriage.ts';
import { Carriage } from '../outbox/carriage.ts';
import { atPoissonTimes } from '../poisson.ts';
import type { After } from '../timer.ts';
import type { TicketOffice } from '../tokens/ticket-office.ts';

/** How often, on average. */
export interface CoverPace {
  /** Mean time between two decoys, in minutes. */
  decoyMinutes: number;
  /** Mean time between two fetches, in minutes. */
  fetchMinutes: number;
}

/** Some fifty decoys in a whole day of being there: a thirtieth of the tokens that a member may draw, and about 15 MB both ways. */
const USUAL_PACE: CoverPace = { decoyMinutes: 30, fetchMinutes: 60 };
/** Tokens that are left to what the member says itself: a message to everybody, and one to spare. */
const RESERVE = Math.floor(TOKEN_BATCH / 3);
/** Blobs of one fetch, at most. */
const MOST_FETCHED = 8;
/** A mailbox that is filled beyond this part gets no decoys. */
const FULLEST = 0.5;

/** What cover traffic needs of the world. */
export interface CoverParts {
  /** Whether the member wants it, and the relay can be asked. */
  isWanted(): boolean;
  /** Members that a message could go to now, this one included (hexadecimal key hashes). */
  members(): readonly string[];
  /** Tokens that are left. */
  tokens(): number;
  sealDecoy(recipient: string): Promise<Parcel>;
  tickets: Pick<TicketOffice, 'take' | 'giveBack'>;
  upload: CarriageParts['upload'];
  /** Blobs of the own mailbox, as far as they are known (hexadecimal ids). */
  listed(): readonly string[];
  fetch(ids: readonly Uint8Array[]): AsyncIterable<unknown>;
  /** Runs work while no other window of this member runs any of this name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  after?: After | undefined;
  pace?: CoverPace | undefined;
}

/** The cover traffic of one page; of several windows of a member, one makes it. */
export class CoverTraffic {
  readonly #parts: CoverParts;
  /** Ends what runs, or its waiting for another window. */
  #end: (() => void) | undefined;

  constructor(parts: CoverParts) {
    this.#parts = parts;
  }

  /** Begins, where it has not. What falls into a time when it is off, or when the relay is away, is left out and not made up for. */
  begin(): void {
    if (this.#end !== undefined) return;
    const { exclusively, after, pace = USUAL_PACE } = this.#parts;
    let isEnded = false;
    let end = () => {
      isEnded = true;
    };
    this.#end = () => end();
    const running = exclusively(
      'relay-cover',
      () =>
        new Promise<void>((resolve) => {
          if (isEnded) return resolve();
          const decoys = atPoissonTimes(pace.decoyMinutes, () => this.#quietly(() => this.#decoy()), after);
          const fetches = atPoissonTimes(pace.fetchMinutes, () => this.#quietly(() => this.#fetch()), after);
          end = () => {
            decoys();
            fetches();
            resolve();
          };
        }),
    );
    // A window that gets no lock makes none.
    running.catch(() => {});
  }

  /** Ends all activity. */
  stop(): void {
    this.#end?.();
  }

  /** Nobody waits for what says nothing: what fails is left out. */
  #quietly(work: () => Promise<void>): void {
    if (this.#parts.isWanted()) work().catch(() => {});
  }

  async #decoy(): Promise<void> {
    const { members, tokens, tickets, sealDecoy, upload } = this.#parts;
    const recipient = anyOf(members());
    if (recipient === undefined || tokens() <= RESERVE) return;
    const parcel = await sealDecoy(recipient);
    const carriage = new Carriage({
      upload,
      keepTicket: (name, left) => tickets.giveBack(name, left),
      buyTicket: async (keyHash) => {
        const ticket = await tickets.take(keyHash);
        // One that was kept tells nothing of the room: it was bought for something that found some.
        if (ticket.room >= ticket.capacity * (1 - FULLEST)) return ticket;
        tickets.giveBack(recipient, ticket);
        throw new RelayError('mailbox_full');
      },
    });
    await carriage.carry(parcel);
    carriage.release(recipient);
  }

  async #fetch(): Promise<void> {
    const { listed, fetch } = this.#parts;
    const ids = [...listed()];
    const wanted = Array.from({ length: 1 + below(MOST_FETCHED) }, () => ids.splice(below(ids.length), 1)[0]);
    const some = wanted.filter((id) => id !== undefined);
    if (some.length === 0) return;
    for await (const _ of fetch(some.map(fromHex)));
  }
}

/** One of them, each as likely as any other. */
function anyOf<T>(list: readonly T[]): T | undefined {
  return list[below(list.length)];
}

/** A random whole number below `n`; the remainder's bias is below 2⁻²⁴ for what this is used for. */
function below(n: number): number {
  return n === 0 ? 0 : new DataView(randomBytes(4).buffer).getUint32(0) % n;
}
