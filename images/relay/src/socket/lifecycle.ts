import type { Bytes } from '@relay/protocol/wire';
import { hex } from '@relay/protocol/wire';
import type { Session } from '../sessions/service.ts';
import type { Now } from '../time.ts';
import type { RelaySocket } from './types.ts';

/** The room of all sockets whose session proved a key. Rooms live in memory only. */
export function mailboxRoom(keyHash: Uint8Array): string {
  return `mailbox:${hex(keyHash)}`;
}

/** The room of all sockets that were greeted. */
export const GREETED = 'greeted';

/** The room of all sockets of one session. */
export function sessionRoom(tokenHash: string): string {
  return `session:${tokenHash}`;
}

/** Says why, and disconnects. */
export function endSocket(socket: RelaySocket, code: 'session_ended' | 'unavailable'): void {
  clearTimeout(socket.data.timer);
  socket.emit('bye', { code });
  socket.disconnect(true);
}

/** Binds a socket to a session, in place of the one it had, with whose end it ends. */
export async function bindSession(
  socket: RelaySocket,
  token: Bytes | undefined,
  session: Session,
  now: Now,
): Promise<void> {
  const { data } = socket;
  clearTimeout(data.timer);
  if (data.session) await socket.leave(sessionRoom(hex(data.session.tokenHash)));
  data.token = token;
  data.session = session;
  await socket.join(sessionRoom(hex(session.tokenHash)));
  data.timer = setTimeout(() => endSocket(socket, 'session_ended'), session.endsAt - now());
  if (socket.disconnected) clearTimeout(data.timer);
}

/** Whole seconds until a session ends. */
export function secondsLeft(session: Session, now: Now): number {
  return Math.max(0, Math.floor((session.endsAt - now()) / 1000));
}
