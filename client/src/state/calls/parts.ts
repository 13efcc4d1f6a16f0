/** What the calls of an account need of the world. */
import type { VaultClient } from '../../crypto/spawn.ts';
import type { Media } from '../../media/media.ts';
import type { TurnCredentials } from '../../transport/http.ts';
import type { RoomTransport } from '../../transport/rooms.ts';
import type { Book } from '../book.ts';
import type { Fault, Settings } from '../model.ts';
import type { Poster } from '../sending/poster.ts';
import type { After } from '../timer.ts';
import type { CallRoom, RoomOptions } from './room/room.ts';

/** See {@link Calls}. */
export interface CallsParts {
  vault: VaultClient;
  transport: RoomTransport;
  media: Media;
  Room: new (options: RoomOptions) => CallRoom;
  book: Book;
  poster: Pick<Poster, 'post'>;
  fetchCredentials(): Promise<TurnCredentials>;
  settings(): Settings;
  now(): number;
  after: After;
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** This page was loaded by a reload. */
  isReload: boolean;
  /** Something was refused, as in a mailbox. */
  notice(fault: Fault, member: string | undefined): void;
  /** Something of what is shown of calls has changed. */
  changed(): void;
  /** How a call in a conversation stands has changed. */
  itemsChanged(): void;
}
