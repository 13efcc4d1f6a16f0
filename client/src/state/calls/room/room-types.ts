/**
 * What the room client takes and tells. Members, pages, seats and rooms are named in hexadecimal; times are milliseconds of the clock that is
 * handed in.
 */
import type { ErrorCode } from '@relay/protocol';
import type { VaultClient } from '../../../crypto/spawn.ts';
import type {
  Connection,
  ConnectionEvents,
  ConnectionOptions,
  ConnectionReport,
  ConnectionState,
  IceServer,
  Line,
} from '../../../media/media.ts';
import type { RoomTransport } from '../../../transport/rooms.ts';
import type { Fault } from '../../model.ts';
import type { After } from '../../timer.ts';

/** What the room asks of the vault. */
export type RoomVault = Pick<
  VaultClient,
  'openRoom' | 'makeSeat' | 'proveSeat' | 'ownersOfSeats' | 'sealSignal' | 'openSignal' | 'closeRoom'
>;

export type { RoomTransport, RoomTransportEvents } from '../../../transport/rooms.ts';

/** How this page takes part. */
export interface OwnState {
  muted: boolean;
  deafened: boolean;
  camera: boolean;
  screen: boolean;
  /** At which members the call rings; at none unless told. */
  rings?: readonly string[];
}

/** How a page takes part. */
export type PageAt = 'watching' | 'in' | 'declined' | 'busy';

/** A page in the room. */
export interface PageView {
  member: string;
  page: string;
  /** Of this page's own member: another window, which is never connected to. */
  own: boolean;
  at: PageAt;
  muted: boolean;
  deafened: boolean;
  camera: boolean;
  screen: boolean;
  /** It has a seat; without one it is waited for, as long as it may come back. */
  isSeated: boolean;
  /** `refused`: its descriptions or its certificate were, see `fault`. Undefined while there is no need to connect. */
  connection: ConnectionState | 'refused' | undefined;
  /** What it sends; empty until its certificate was found to be the one described. */
  streams: Partial<Record<Line, MediaStream>>;
  fault: Fault | undefined;
  /** Measured every two seconds. */
  report: ConnectionReport | undefined;
}

/** Somebody on the list of the call. */
export interface MemberView {
  member: string;
  /** Who added them after the call had begun. */
  addedBy: string | undefined;
  /** What a page of theirs said since this page knows the call. */
  wasIn: boolean;
  hasDeclined: boolean;
}

/** How a page of this member took part until it went away without saying so, such as by a reload. */
export interface WasIn {
  page: string;
  /** When it went away. */
  at: number;
  muted: boolean;
  deafened: boolean;
  camera: boolean;
}

/** All that this page knows of the call. */
export interface RoomSnapshot {
  /** Of the room; undefined until it was derived. */
  id: string | undefined;
  /** This page's own id. */
  page: string;
  at: PageAt;
  /** It has a seat; while it has none, nothing is learned. */
  isSeated: boolean;
  /** Why it has none, where it was refused one. */
  fault: Fault | undefined;
  pages: PageView[];
  members: MemberView[];
  /** How long two members or more have been in it, as far as anybody told; undefined before. */
  age: number | undefined;
  /** Somebody else who is in it says that it rings. */
  rings: boolean;
  was: WasIn | undefined;
}

/** What the room tells. */
export interface RoomEvents {
  changed(snapshot: RoomSnapshot): void;
  /**
   * Something was not followed. `signal_order` alone is harmless: what is sent again on a bad line comes twice.
   * @param member who sent it, where a listed member did
   */
  refused(code: ErrorCode, member: string | undefined): void;
  /** Another window of this member took the call; this one only watches now. */
  moved(): void;
  /** Nobody is in the call (any more), and this page neither. */
  over(): void;
}

/** Of the browser's media, what the room needs. */
export interface RoomMedia {
  connect(options: ConnectionOptions, events: ConnectionEvents): Connection;
}

/** What a room client is made of. */
export interface RoomOptions {
  vault: RoomVault;
  transport: RoomTransport;
  media: RoomMedia;
  /** Of the call, 32 bytes. */
  secret: Uint8Array;
  /** Everyone invited, this member included. */
  members: readonly string[];
  self: string;
  now: () => number;
  after: After;
  /** Fresh credentials of the relay for calls. */
  servers: () => Promise<IceServer[]>;
  /** Asked for each connection that is made. */
  relayOnly: () => boolean;
  events: RoomEvents;
  /** This page's id in this call, 16 bytes; random unless a test gives one. */
  page?: string;
}
