/** The rooms of calls at the relay (SPEC.md §14.1). Seats are hexadecimal. */
import type { errorBody, SignalFrame } from '@relay/protocol';
import {
  b64,
  EVENTS,
  encodeSignalFrame,
  fromHex,
  hex,
  joinAck,
  plainAck,
  RelayError,
  roomAck,
} from '@relay/protocol';
import type { z } from 'zod';

/** Proves the right to join: the room's public key (32 bytes) and a signature by it (64 bytes). */
export type SeatProver = (
  origin: string,
  nonce: Uint8Array,
) => Promise<{ roomKey: Uint8Array; signature: Uint8Array }>;

/** What happens in the rooms where this client has seats. */
export interface RoomTransportEvents {
  /** A new socket stands; every seat has to be taken anew. */
  online(): void;
  /** The socket has ended, and every seat with it. */
  offline(): void;
  arrived(own: string, seat: string): void;
  left(own: string, seat: string): void;
  signal(from: string, to: string, box: Uint8Array): void;
}

/** The relay's rooms, over the socket that stands now. */
export interface RoomTransport {
  readonly isOnline: boolean;
  /**
   * Takes a seat. Somebody's arrival may be told before this resolves, and is then not among the seats.
   * @returns the seats that were taken before
   * @throws RelayError the relay's refusal, `relay_protocol` or `relay_unreachable`
   */
  join(seat: string, prove: SeatProver): Promise<string[]>;
  /** Gives a seat up; it is gone with the socket in any case. */
  leave(seat: string): void;
  /**
   * Sends a signal from an own seat to another one; resolves when the relay has handed it on.
   * @throws RelayError `seat_unknown`, `rate_limited`, `relay_protocol` or `relay_unreachable`
   */
  signal(from: string, to: string, box: Uint8Array): Promise<void>;
  /** @returns stops listening */
  listen(events: RoomTransportEvents): () => void;
}

/** An acknowledgement that is no error. */
export type Told<T> = Exclude<T, { error: unknown }>;
/** Asks the relay something over a socket. @throws RelayError */
export type Ask = <T extends object>(
  schema: z.ZodType<T>,
  event: string,
  payload: unknown,
) => Promise<Told<T>>;

/** A fault as a socket tells it: its code, its words, and how long to wait. */
export function toldFault({ code, message, retryAfter }: z.output<typeof errorBody>): RelayError {
  return new RelayError(code, message, retryAfter === undefined ? {} : { retryAfter });
}

/**
 * What an acknowledgement says.
 * @throws RelayError the relay's refusal, or `relay_protocol` when it says nothing this client knows
 */
export function understood<T extends object>(schema: z.ZodType<T>, answer: unknown): Told<T> {
  const ack = schema.safeParse(answer);
  if (!ack.success) throw new RelayError('relay_protocol');
  if ('error' in ack.data) {
    throw toldFault(ack.data.error as z.output<typeof errorBody>);
  }
  return ack.data as Told<T>;
}

/** The rooms over one socket. */
export interface SocketRooms {
  join(origin: string, seat: string, prove: SeatProver): Promise<string[]>;
  leave(seat: string): void;
  signal(from: string, to: string, box: Uint8Array): Promise<void>;
}

/** Makes the rooms of a socket. */
export function roomsOver(ask: Ask): SocketRooms {
  const leave = (seat: string) => {
    ask(plainAck, EVENTS.leave, { seat: b64(fromHex(seat)) }).catch(() => {});
  };
  return {
    async join(origin, seat, prove) {
      const { nonce } = await ask(roomAck, EVENTS.room, {});
      const { roomKey, signature } = await prove(origin, nonce);
      const claim = {
        origin,
        nonce: b64(nonce),
        roomKey: b64(roomKey),
        seat: b64(fromHex(seat)),
        signature: b64(signature),
      };
      try {
        const { seats } = await ask(joinAck, EVENTS.join, claim);
        return seats.map(hex);
      } catch (error) {
        // Only the answer may be lost: the others would wait for a seat that nobody uses.
        leave(seat);
        throw error;
      }
    },
    leave,
    async signal(from, to, box) {
      await ask(plainAck, EVENTS.signal, encodeSignalFrame({ from: fromHex(from), to: fromHex(to), box }));
    },
  };
}

/** Where whoever takes part in calls meets the sockets that come and go. */
export class Rooms implements RoomTransport {
  readonly #origin: string;
  readonly #listeners = new Set<RoomTransportEvents>();
  #rooms: SocketRooms | undefined;

  /** @param origin of the relay */
  constructor(origin: string) {
    this.#origin = origin;
  }

  get isOnline(): boolean {
    return this.#rooms !== undefined;
  }

  join(seat: string, prove: SeatProver): Promise<string[]> {
    return this.#over((rooms) => rooms.join(this.#origin, seat, prove));
  }

  leave(seat: string): void {
    this.#rooms?.leave(seat);
  }

  signal(from: string, to: string, box: Uint8Array): Promise<void> {
    return this.#over((rooms) => rooms.signal(from, to, box));
  }

  listen(events: RoomTransportEvents): () => void {
    this.#listeners.add(events);
    return () => this.#listeners.delete(events);
  }

  /** A socket stands, or none any more. */
  set(rooms: SocketRooms | undefined): void {
    if (rooms === this.#rooms) return;
    const had = this.#rooms !== undefined;
    this.#rooms = rooms;
    if (had) this.#tell((one) => one.offline());
    if (rooms !== undefined) this.#tell((one) => one.online());
  }

  /** A seat of a room was taken or left. */
  changed(change: 'arrived' | 'left', own: string, seat: string): void {
    this.#tell((one) => one[change](own, seat));
  }

  /** A signal came. */
  signalled({ from, to, box }: SignalFrame): void {
    this.#tell((one) => one.signal(hex(from), hex(to), box));
  }

  #tell(tell: (one: RoomTransportEvents) => void): void {
    for (const one of [...this.#listeners]) tell(one);
  }

  async #over<T>(act: (rooms: SocketRooms) => Promise<T>): Promise<T> {
    if (this.#rooms === undefined) throw new RelayError('relay_unreachable');
    return act(this.#rooms);
  }
}
