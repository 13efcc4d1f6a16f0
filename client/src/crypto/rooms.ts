/** What the vault does in calls (SPEC.md §21): rooms, seats and signals. Members, rooms and seats are named in hexadecimal. */
import type { Bytes, Pair, Room, Signal, SignalRoute } from '@relay/protocol';
import {
  deriveRoom,
  fromHex,
  hex,
  makeSeat,
  openSignal,
  ownerOfSeat,
  proveJoin,
  RelayError,
  sealSignal,
} from '@relay/protocol';
import { Handles } from './handles.ts';
import type { OpenCircle } from './open-circle.ts';
import { TokenWork } from './tokens.ts';

/** A room that the vault keeps open. */
export interface OpenedRoom {
  /** Names it in the vault; end it with `closeRoom`. */
  handle: number;
  /** Names it at the relay and in hangups: 32 bytes in hexadecimal. */
  id: string;
}

/** What a member shows to the relay to take a seat (SPEC.md §14.1). */
export interface SeatProof {
  /** Public key of the room, 32 bytes. */
  roomKey: Uint8Array;
  /** 64 bytes. */
  signature: Uint8Array;
}

/** The part of the vault that takes part in calls. Rooms stay open over roster updates, and end with the identity. */
export abstract class RoomWork extends TokenWork {
  readonly #circle: () => OpenCircle;
  readonly #rooms = new Handles<Room>();
  /** Grows whenever all rooms end. */
  #endings = 0;

  /** @param circle the open identity; throws `identity_locked` while there is none */
  constructor(circle: () => OpenCircle) {
    super();
    this.#circle = circle;
  }

  /**
   * Opens the room of a call.
   * @param secret the call's secret, 32 bytes
   * @throws RelayError `identity_locked`, also when the vault was closed meanwhile
   */
  async openRoom(secret: Uint8Array): Promise<OpenedRoom> {
    this.#circle();
    const endings = this.#endings;
    const room = await deriveRoom(secret);
    if (endings !== this.#endings) throw new RelayError('identity_locked', 'The identity was closed.');
    return { handle: this.#rooms.add(room), id: hex(room.id) };
  }

  /** A fresh seat for this member; each serves one join. */
  async makeSeat(handle: number): Promise<{ seat: string }> {
    const { keys } = this.#circle().identity;
    return { seat: hex(await makeSeat(this.#rooms.get(handle), keys.keyHash)) };
  }

  /**
   * Proves the right to take a seat.
   * @param origin the origin that the client dialled
   * @param nonce of the relay for this socket, 32 bytes
   */
  async proveSeat(handle: number, origin: string, nonce: Uint8Array, seat: string): Promise<SeatProof> {
    const room = this.#rooms.get(handle);
    const claim = { origin, nonce, seat: fromHex(seat) };
    return { roomKey: room.publicKey, signature: await proveJoin(room, this.#circle().identity, claim) };
  }

  /**
   * Whose seats these are. Members who are not in the roster in use own none.
   * @param members those who may take part
   * @returns a member for each seat; undefined where none of them can have made it
   */
  async ownersOfSeats(
    handle: number,
    members: readonly string[],
    seats: readonly string[],
  ): Promise<(string | undefined)[]> {
    const { current } = this.#circle();
    const room = this.#rooms.get(handle);
    const known = members.filter((member) => current.has(member)).map(fromHex);
    const owners = seats.map((seat) => ownerOfSeat(room, known, fromHex(seat)));
    return (await Promise.all(owners)).map((owner) => owner && hex(owner));
  }

  /**
   * Seals a signal to a member (also to this one's other pages).
   * @param from own seat
   * @param to the member's seat
   * @returns the box
   * @throws RelayError `recipient_unknown` when the member is not in the roster in use; `signal_malformed` for a signal that is too large or
   * that its recipient would refuse otherwise
   */
  async sealSignal(handle: number, member: string, from: string, to: string, signal: Signal): Promise<Bytes> {
    const pair = this.#pairWith(member);
    if (pair === undefined) throw new RelayError('recipient_unknown');
    return sealSignal(pair, this.#route(handle, from, to), signal);
  }

  /**
   * Opens a signal from a member.
   * @param from the member's seat
   * @param to own seat
   * @throws RelayError `signal_forged`, `signal_malformed`; `signal_unlisted` when the member is not in the roster in use
   */
  async openSignal(
    handle: number,
    member: string,
    from: string,
    to: string,
    box: Uint8Array,
  ): Promise<Signal> {
    const pair = this.#pairWith(member);
    if (pair === undefined) throw new RelayError('signal_unlisted');
    return openSignal(pair, this.#route(handle, from, to), box);
  }

  /** Forgets a room. */
  async closeRoom(handle: number): Promise<void> {
    this.#rooms.end(handle);
  }

  /** Forgets all rooms. */
  protected endRooms(): void {
    this.#endings++;
    this.#rooms.clear();
  }

  // Whatever circle secret the pair is of: signals are sealed and signed by keys of members alone.
  #pairWith(member: string): Pair | undefined {
    return this.#circle().current.get(member)?.pairs[0];
  }

  #route(handle: number, from: string, to: string): SignalRoute {
    return { room: this.#rooms.get(handle).id, from: fromHex(from), to: fromHex(to) };
  }
}
