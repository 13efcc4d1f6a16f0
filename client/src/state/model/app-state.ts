/** All that the UI shows. Ids and keys are opaque texts; times are milliseconds from the Unix epoch; sizes are bytes. */
import type { RelayWay } from '../../transport/address.ts';
import type { CallsState } from './calls.ts';
import type { Conversation } from './conversations.ts';
import type { Contact, Fault } from './people.ts';

/** How far the identity file got. */
export type IdentityPhase =
  /** No file yet, or one that was refused (see `fault`). */
  | { phase: 'absent'; fault?: Fault }
  /** The file is there and wants its passphrase; `fault` after a wrong one. */
  | { phase: 'passphrase'; fault?: Fault }
  | { phase: 'opening' }
  | { phase: 'open' };

/** The way to the relay. */
export type Connection =
  | { status: 'connecting' }
  | { status: 'online' }
  /** Not reachable; tried again at `retryAt` (milliseconds from the Unix epoch). */
  | { status: 'offline'; fault: Fault; retryAt: number }
  /** The relay, or this client, will not go on without somebody acting. */
  | { status: 'refused'; fault: Fault };

/** A blob that was refused, so that nothing disappears in silence. */
export interface Notice {
  key: string;
  /** The member whose name the blob bears, where it bears one. */
  from?: Contact;
  fault: Fault;
}

/** What a roster update changed, until it is acknowledged. */
export interface RosterNews {
  serial: number;
  added: Contact[];
  removed: Contact[];
  /** Members of the same number whose key is another now: to be verified anew. */
  replaced: { before: Contact; after: Contact }[];
}

/** The roster in use. */
export interface RosterState {
  serial: number;
  /** The identity file that was opened is older than this roster: a new one can be saved. */
  isNewerThanFile: boolean;
  news?: RosterNews;
  /** Why nothing is sent for now: somebody uses a newer roster, which the relay has not served (yet). */
  held?: Fault;
}

/** Small choices of this member. They are kept on this machine, sealed under the identity, unless `keepOnDevice` is off. */
export interface Settings {
  theme: 'system' | 'light' | 'dark';
  /** Tell authors that their messages were read, and show when others say so. Off at first: it tells the relay when one reads. */
  readReceipts: boolean;
  /** Keep nicknames, verified marks, read marks and the roster update on this machine. */
  keepOnDevice: boolean;
  /** Now and then send and fetch what says nothing, so that the relay sees less in when something is sent. Off at first: it costs traffic. */
  coverTraffic: boolean;
  /** Connect calls directly where that is possible. Off at first: it shows the other members this machine's addresses. */
  directCalls: boolean;
  /** The microphone is open only while a key is held. */
  pushToTalk: boolean;
  echoCancellation: boolean;
  noiseSuppression: boolean;
}

/** All that the UI shows. */
export interface AppState {
  identity: IdentityPhase;
  self?: Contact;
  /** Every member of the current roster but this one, by number. */
  contacts: Contact[];
  connection: Connection;
  /** The relay in use, and what lies on the way to it; undefined while no identity is open. */
  relay?: { origin: string; way: RelayWay } | undefined;
  /** The first listing of the mailbox and its messages are in. */
  loaded: boolean;
  /** Blobs read of those listed first, while `loaded` is false. */
  loading?: { read: number; total: number } | undefined;
  /** By conversation id; direct conversations exist for every contact, empty or not, and one for notes to oneself. Groups that were continued are among them. */
  conversations: Conversation[];
  /** Messages that are sealed and not yet acknowledged by the relay. */
  outboxCount: number;
  /** The outbox cannot be kept over a reload. */
  storageFault?: Fault | undefined;
  notices: Notice[];
  roster: RosterState;
  settings: Settings;
  calls: CallsState;
  /** This member was away for longer than messages live, since that time; so some may have expired unseen. Until dismissed. */
  absentSince?: number | undefined;
}
