import type { Bytes, joinPayload, SignalFrame } from '@relay/protocol/wire';
import {
  equalBytes,
  HASH_BYTES,
  hex,
  JOIN_SECONDS,
  RelayError,
  roomIdOf,
  SIGNAL_UNIT_BYTES,
  verifyJoin,
} from '@relay/protocol/wire';
import type { z } from 'zod';
import type { Limits } from '../limits/limits.ts';
import type { Session } from '../sessions/service.ts';
import type { Now } from '../time.ts';
import type { Seat } from './registry.ts';
import { createRoomRegistry } from './registry.ts';

/** One who can take seats: a connection whose session was proven. */
export interface Holder {
  /** The nonce for its next join, and until when it is good. */
  joining: { nonce: Bytes; endsAt: number } | undefined;
  /** False once it has gone: no seat is left with it. */
  isThere(): boolean;
  /** Somebody took or left a seat in the room where this one sits on `own`; 32 bytes each. */
  told(event: 'arrived' | 'left', own: Uint8Array, seat: Uint8Array): void;
  /** A signal came. @returns false when this one takes in so slowly that no more is kept for it */
  signalled(frame: Uint8Array): boolean;
}

/** Rooms by capability (SPEC.md §14.1). */
export type RoomService = ReturnType<typeof createRoomService>;

/** What the service needs. */
export interface RoomParts {
  /** The circle's id, 32 bytes; undefined before one is seeded. */
  findCircleId(): Promise<Bytes | undefined>;
  /** Origins that a proof may name. */
  publicUrls: readonly string[];
  limits: Pick<Limits, 'signals' | 'rooms'>;
  now: Now;
  randomBytes(n: number): Bytes;
}

const bytesOf = (id: string) => Buffer.from(id, 'hex');

/** Makes the service. It holds who sits where in memory, and nothing else. */
export function createRoomService({ findCircleId, publicUrls, limits, now, randomBytes }: RoomParts) {
  const registry = createRoomRegistry<Holder>();
  const { signals, rooms: shares } = limits;
  const giveBack = new Map<Seat<Holder>['id'], () => void>();

  const tell = (event: 'arrived' | 'left', id: string, others: readonly Seat<Holder>[]) => {
    for (const other of others) other.holder.told(event, bytesOf(other.id), bytesOf(id));
  };
  const leave = (seat: Seat<Holder>) => {
    giveBack.get(seat.id)?.();
    giveBack.delete(seat.id);
    tell('left', seat.id, registry.leave(seat));
  };

  function takeSeat(room: string, id: string, holder: Holder, release: () => void): Seat<Holder>[] {
    try {
      return registry.take(room, id, holder);
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    /** A nonce (32 bytes) for one join of that holder, in place of an earlier one. */
    invite(holder: Holder): Bytes {
      const nonce = randomBytes(HASH_BYTES);
      holder.joining = { nonce, endsAt: now() + JOIN_SECONDS * 1000 };
      return nonce;
    },

    /**
     * Checks a proof of joining; the holder's nonce is used up whatever comes out.
     * @returns takes the seat, tells the others, and returns their seats, 32 bytes each
     * @throws RelayError `room_refused`, `origin_mismatch`, and as `RoomRegistry.take`
     */
    async join(
      holder: Holder,
      { keyHash }: Pick<Session, 'keyHash'>,
      { origin, nonce, roomKey, seat, signature }: z.output<typeof joinPayload>,
    ): Promise<() => Bytes[]> {
      const { joining } = holder;
      holder.joining = undefined;
      if (joining === undefined || joining.endsAt <= now() || !equalBytes(joining.nonce, nonce))
        throw new RelayError('room_refused');
      if (!publicUrls.includes(origin)) throw new RelayError('origin_mismatch');
      const circleId = await findCircleId();
      if (circleId === undefined) throw new RelayError('room_refused');
      const claim = { circleId, origin, nonce, roomKey, seat, keyHash };
      if (!(await verifyJoin(claim, signature))) throw new RelayError('room_refused');
      const room = hex(await roomIdOf(roomKey));
      return () => {
        // It may have gone while the proof was checked; then nobody would ever take it off its seat.
        if (!holder.isThere()) throw new RelayError('session_ended');
        const id = hex(seat);
        const release = shares.take(keyHash);
        const others = takeSeat(room, id, holder, release);
        giveBack.set(id, release);
        tell('arrived', id, others);
        return others.map((other) => bytesOf(other.id));
      };
    },

    /** Gives a seat (32 bytes) up; one that is not this holder's stays. */
    leave(holder: Holder, seat: Uint8Array): void {
      const found = registry.find(hex(seat), holder);
      if (found) leave(found);
    },

    /** Gives every seat of a holder up. */
    leaveAll(holder: Holder): void {
      for (const seat of registry.seatsOf(holder)) leave(seat);
    },

    /**
     * Hands a signal on.
     * @param whole the frame as it came
     * @throws RelayError `seat_unknown` unless it goes from a seat of this holder to another one in the same room; `rate_limited`
     */
    signal(
      holder: Holder,
      { keyHash }: Pick<Session, 'keyHash'>,
      frame: SignalFrame,
      whole: Uint8Array,
    ): void {
      const from = registry.find(hex(frame.from), holder);
      const to = registry.find(hex(frame.to));
      if (from === undefined || to === undefined || from === to || from.room !== to.room)
        throw new RelayError('seat_unknown');
      signals.take(hex(keyHash), frame.box.length / SIGNAL_UNIT_BYTES);
      if (!to.holder.signalled(whole)) throw new RelayError('rate_limited', undefined, { retryAfter: 1 });
    },

    /** How many rooms and seats there are. */
    size: () => registry.size(),
  };
}
