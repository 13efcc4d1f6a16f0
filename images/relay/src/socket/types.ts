import type { Bytes } from '@relay/protocol/wire';
import type { Server, Socket } from 'socket.io';
import type { Session } from '../sessions/service.ts';

/** Events that the relay sends (SPEC.md §14). */
export interface ServerEvents {
  hello(payload: { protocol: readonly number[]; expiresIn: number }): void;
  /** Entries of 20 bytes. */
  blob(entries: Buffer): void;
  resync(): void;
  bye(payload: { code: 'session_ended' | 'unavailable' }): void;
}

/** What the relay keeps of a socket, in memory. */
export interface SocketData {
  /** Shown again for every event. */
  token: Bytes | undefined;
  session: Session;
  /** Ends the socket with its session. */
  timer: NodeJS.Timeout;
}

type ClientEvents = Record<string, (...args: unknown[]) => void>;

/** The relay's side of one client. */
export type RelaySocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
/** All of them. */
export type RelaySockets = Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
