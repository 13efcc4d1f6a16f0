import type { Bytes } from '@relay/protocol/wire';
import type { Server, Socket } from 'socket.io';
import type { Holder } from '../rooms/service.ts';
import type { Session } from '../sessions/service.ts';

/** The seat that changed, and the recipient's own in the same room, in base64url. */
interface SeatChange {
  own: string;
  seat: string;
}

/** Events that the relay sends (SPEC.md §14). */
export interface ServerEvents {
  hello(payload: { protocol: readonly number[]; expiresIn: number }): void;
  /** Entries of 20 bytes. */
  blob(entries: Buffer): void;
  resync(): void;
  arrived(payload: SeatChange): void;
  left(payload: SeatChange): void;
  /** A frame as its sender made it. */
  signal(frame: Buffer): void;
  bye(payload: { code: 'session_ended' | 'unavailable' }): void;
}

/** What the relay keeps of a socket, in memory. */
export interface SocketData {
  /** Shown again for every event. */
  token: Bytes | undefined;
  session: Session;
  /** What it is in the rooms of calls. */
  holder: Holder;
  /** Ends the socket with its session. */
  timer: NodeJS.Timeout;
}

type ClientEvents = Record<string, (...args: unknown[]) => void>;

/** The relay's side of one client. */
export type RelaySocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
/** All of them. */
export type RelaySockets = Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
