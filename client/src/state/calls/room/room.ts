/** A call's room as this page takes part in it. */
import type { Line } from '../../../media/media.ts';
import type { OwnState, RoomOptions, RoomSnapshot } from './room-types.ts';

export type * from './room-types.ts';

/** A call, from the invitation to the end. */
export interface CallRoomApi {
  /** This page's id in this call. */
  readonly page: string;
  readonly snapshot: RoomSnapshot;
  /** Joins the room, and joins anew whenever the socket was lost. */
  watch(): void;
  /**
   * Takes part; `watch` comes before it.
   * @param takes pages of this member whose place this one takes
   */
  enter(own: OwnState, takes?: readonly string[]): void;
  /** Tells how this page takes part now. */
  setOwn(own: Partial<OwnState>): void;
  /** What is sent on a line, to everybody; undefined for nothing. */
  setTracks(line: Line, track: MediaStreamTrack | undefined): void;
  decline(): void;
  /** This page is in another call. */
  busy(): void;
  /** Lets others take part. */
  add(members: readonly string[]): void;
  /** Leaves for good, and says so. Resolves when it was said, or could not be within a second. */
  leave(): Promise<void>;
  /** Goes away without a word, so that the same member's next page can carry on (`was`); for a page that is unloaded. */
  stop(): void;
  /** The way to other machines changed. */
  networkChanged(): void;
}

export type CallRoomConstructor = new (options: RoomOptions) => CallRoomApi;
