/** What surrounds an account: what it is given, and whom it tells. */
import type { ReceiptBody } from '@relay/protocol';
import type { VaultClient } from '../crypto/spawn.ts';
import type { CircleView, RosterChange } from '../crypto/vault.ts';
import type { Media } from '../media/media.ts';
import type { LocalStore } from '../storage/local-store.ts';
import type { RelayHttp } from '../transport/http.ts';
import type { LinkStatus } from '../transport/link.ts';
import type { CoverPace } from './cover/cover-traffic.ts';
import type { Sender } from './sending/sender.ts';
import type { After } from './timer.ts';
import type { TokenPace } from './tokens/token-stock.ts';

/** What an account needs of the world. */
export interface World {
  vault: VaultClient;
  view: CircleView;
  http: RelayHttp;
  store: LocalStore;
  sentLogMinutes: readonly [number, number];
  now(): number;
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Runs what waits for some time; by the timer of the platform unless given. */
  after?: After;
  /** What calls are made with; none can be made without. */
  media?: Media;
  /** This page was loaded by a reload. */
  isReload?: boolean;
  /** How many blind tokens are drawn, and when; two batches, and looks every quarter of an hour or so, unless given. */
  tokenPace?: TokenPace;
  /** How often cover traffic is made, where it is switched on. */
  coverPace?: CoverPace;
}

/** What the parts tell the account. */
export interface Hooks {
  connection(status: LinkStatus): void;
  /** Something that is shown has changed. */
  changed(): void;
  /** Something that is shown of calls has changed. */
  callsChanged(): void;
  /** The progress of a file has changed. */
  progressed(): void;
  /** The first listing of the mailbox and its messages are in. */
  settled(): void;
  /** How far reading the mailbox is. */
  progress(read: number, total: number): void;
  storageFailed(): void;
  /** Whether a message of somebody else counts as unread. */
  isUnread(hash: string): boolean;
  before: ConstructorParameters<typeof Sender>[0]['before'];
  receipt(author: string, body: ReceiptBody): void;
  rosterChanged(change: RosterChange): Promise<void>;
  /** Whether sending is held, why, or the news have changed. */
  rosterTold(): void;
}
