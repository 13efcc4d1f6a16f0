import { MAX_ROOMS_PER_SOCKET, MAX_SEATS, RelayError } from '@relay/protocol/wire';

/** Seconds after which a call may be over, as for the calls of a member. */
const RETRY_AFTER = 30;

/** A seat of a room, and who holds it. Ids are hexadecimal. */
export interface Seat<H> {
  id: string;
  room: string;
  holder: H;
}

/** Who sits where, in memory. A room is there while somebody sits in it; nothing is kept after the last has left. */
export interface RoomRegistry<H> {
  /**
   * Takes a seat.
   * @returns the seats of that room that were taken before
   * @throws RelayError `seat_taken`, `room_full`; `rate_limited` when the holder has as many seats as one may have
   */
  take(room: string, id: string, holder: H): Seat<H>[];
  /** The seat of that id; of that holder alone where one is given. */
  find(id: string, holder?: H): Seat<H> | undefined;
  /** Gives a seat up. @returns the seats that are left in its room */
  leave(seat: Seat<H>): Seat<H>[];
  /** Every seat of a holder. */
  seatsOf(holder: H): Seat<H>[];
  /** How many rooms and seats there are. */
  size(): { rooms: number; seats: number };
}

/** Makes an empty registry. */
export function createRoomRegistry<H>(): RoomRegistry<H> {
  const seats = new Map<string, Seat<H>>();
  const rooms = new Map<string, Map<string, Seat<H>>>();
  const holders = new Map<H, Map<string, Seat<H>>>();

  const enter = <K>(map: Map<K, Map<string, Seat<H>>>, key: K, seat: Seat<H>) => {
    map.set(key, (map.get(key) ?? new Map()).set(seat.id, seat));
  };
  const exit = <K>(map: Map<K, Map<string, Seat<H>>>, key: K, seat: Seat<H>) => {
    const left = map.get(key);
    left?.delete(seat.id);
    if (left?.size === 0) map.delete(key);
  };

  return {
    take(room, id, holder) {
      const others = [...(rooms.get(room)?.values() ?? [])];
      if (seats.has(id)) throw new RelayError('seat_taken');
      if (others.length >= MAX_SEATS) throw new RelayError('room_full');
      if ((holders.get(holder)?.size ?? 0) >= MAX_ROOMS_PER_SOCKET)
        throw new RelayError('rate_limited', 'This window is in too many calls. Leave one of them first.', {
          retryAfter: RETRY_AFTER,
        });
      const seat = { id, room, holder };
      seats.set(id, seat);
      enter(rooms, room, seat);
      enter(holders, holder, seat);
      return others;
    },
    find(id, holder) {
      const seat = seats.get(id);
      return holder === undefined || seat?.holder === holder ? seat : undefined;
    },
    leave(seat) {
      seats.delete(seat.id);
      exit(rooms, seat.room, seat);
      exit(holders, seat.holder, seat);
      return [...(rooms.get(seat.room)?.values() ?? [])];
    },
    seatsOf: (holder) => [...(holders.get(holder)?.values() ?? [])],
    size: () => ({ rooms: rooms.size, seats: seats.size }),
  };
}
