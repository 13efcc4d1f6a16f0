import { EVENTS } from '@relay/protocol/wire';
import type { RelaySocket } from '../socket/types.ts';
import type { Holder } from './service.ts';

/** Signals that wait for a connection which takes in slowly; more are refused, so that it cannot fill the memory. */
const MOST_WAITING = 512;

/** A socket as one who takes seats. */
export function holderOf(socket: RelaySocket): Holder {
  let waiting = 0;
  socket.conn.on('drain', () => {
    waiting = 0;
  });
  return {
    joining: undefined,
    isThere: () => socket.connected,
    told(event, own, seat) {
      const payload = {
        own: Buffer.from(own).toString('base64url'),
        seat: Buffer.from(seat).toString('base64url'),
      };
      socket.emit(EVENTS[event], payload);
    },
    signalled(frame) {
      if (waiting >= MOST_WAITING) return false;
      waiting += 1;
      socket.emit(EVENTS.signal, Buffer.from(frame));
      return true;
    },
  };
}
