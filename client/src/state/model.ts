/**
 * What the state layer shows to the UI, and what the UI may ask of it. Components read an {@link AppState} and call
 * {@link Actions}; they neither fetch nor decrypt. Ids and keys are opaque texts; times are milliseconds from the Unix epoch; sizes are bytes.
 */

/** A fault in words for a person, with its closed code (SPEC.md §17). */
export interface Fault {
  code: string;
  message: string;
}

/** A member of the circle, or one who was replaced or removed while this page knew it. */
export interface Contact {
  /** Hexadecimal key hash. */
  id: string;
  /** Number in the roster, from 1. */
  number: number;
  /** The name the roster gives, the same for everyone. */
  label: string;
  /** A name of this member's own choosing for it, kept on this machine only. */
  nickname?: string;
  /** What to call it: the nickname, else the label. */
  name: string;
  /** The key hash in eight groups of four hexadecimal digits. */
  fingerprint: string;
  /** Twelve groups of five digits that both ends of this pair compute alike (SPEC.md §4.1), to compare in person; absent for oneself. */
  safetyNumber?: string;
  /** What the QR code of the safety number holds: ASCII text. */
  safetyCode?: string;
  /** This member said that it compared the safety number. It belongs to this very key: a replaced member is unverified again. */
  isVerified: boolean;
  isSelf: boolean;
  /** Not in the current roster any more: can be read, not written to. */
  isFormer: boolean;
}

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

/**
 * How far an own message got, with one recipient or over all: `waiting` in the outbox, `sent` to the relay, `read` as its reader
 * said, `expired` at the relay without a word that it was read, `failed` for good. Over all recipients it is the least of them, in
 * the order failed, waiting, expired, sent, read.
 */
export type Delivery = 'waiting' | 'sent' | 'read' | 'expired' | 'failed';

/** How far an own message got with one recipient. */
export interface RecipientDelivery {
  contact: Contact;
  delivery: Delivery;
  /** Why it failed, or why it still waits. */
  fault?: Fault;
}

/** What is shown of a file. `other` is never shown in the page, only saved. */
export type Media = 'image' | 'audio' | 'video' | 'other';

/** How far the content of a received or sent file is here. */
export type FileProgress =
  /** At the relay, as far as is known. */
  | { phase: 'remote' }
  /** `received` of `size` bytes. */
  | { phase: 'loading' | 'paused'; received: number }
  /** In memory: `url` is an object URL of a type that the content was found to have; absent where it cannot be shown. */
  | { phase: 'ready'; url?: string }
  /** Written to disk and checked. */
  | { phase: 'saved' }
  /** Can be tried again, unless its chunks are gone. */
  | { phase: 'failed'; fault: Fault };

/** The file of a message. */
export interface FileItem {
  name: string;
  /** MIME type as its sender named it: for words, never for showing. */
  type: string;
  size: number;
  /** What its name and type promise; whether it holds shows only once it is loaded. */
  media: Media;
  progress: FileProgress;
}

/** What a reply answers. */
export interface ReplyItem {
  /** Key of the answered message. */
  key: string;
  /** `gone`: not among what is here. */
  state: 'here' | 'deleted' | 'gone';
  author?: Contact;
  /** The beginning of its text, or the name of its file. */
  excerpt?: string;
}

/** One reaction, and who reacted so. */
export interface ReactionItem {
  emoji: string;
  members: Contact[];
  /** This member did. */
  own: boolean;
}

/** A message in a conversation. */
export interface MessageItem {
  type: 'message';
  key: string;
  author: Contact;
  own: boolean;
  /** The writer's clock. */
  at: number;
  /**
   * When it ends at the relay, where that is known; else undefined, and it is between 60 and 108 hours after it arrived there. Milliseconds, a
   * whole hour.
   */
  expiresAt?: number;
  /**
   * `text`: `text` is there, or undefined while a long text is loading. `file`: see `file`. `deleted`: its writer deleted it for everyone. `unsupported`: a kind
   * this client does not know.
   */
  kind: 'text' | 'file' | 'deleted' | 'unsupported';
  text?: string;
  /** Why the text of a long message cannot be shown. */
  fault?: Fault;
  /** The kind as it was named by its writer. */
  kindName: string;
  /** Its writer changed it later; `text` is the latest. */
  isEdited: boolean;
  file?: FileItem;
  reply?: ReplyItem;
  reactions: ReactionItem[];
  /** Only for own messages: the least of `recipients`. */
  delivery?: Delivery;
  /** Why delivery failed; or, while it waits, why it could not leave when it was tried last. */
  deliveryFault?: Fault;
  /** Only for own messages to others. */
  recipients: RecipientDelivery[];
  /** Two different records claim the same place: the writer, or somebody with its key, told different things. */
  equivocates: boolean;
  /** What may be done with it now. Anything shown may be deleted for this member itself. */
  can: { reply: boolean; react: boolean; edit: boolean; deleteForEveryone: boolean };
}

/** Something that a later message names is not there. */
export interface GapItem {
  type: 'gap';
  key: string;
  /**
   * `expired`: old enough to have expired. `elsewhere`: said to be by this member, as what it wrote in another window is: copies come late. `missing`: withheld, lost,
   * or still on its way.
   */
  reason: 'expired' | 'elsewhere' | 'missing';
  count: number;
}

/** Something that happened to a group. */
export interface EventItem {
  type: 'event';
  key: string;
  at: number;
  author: Contact;
  /** `named`: now `name`. `left`: `author` left, the others go on in a new group. `continued`: `author` changed the members: a new group goes on. */
  event: 'named' | 'left' | 'continued';
  name?: string;
}

/** One line of a thread. */
export type Item = MessageItem | GapItem | EventItem;

/** What a conversation is, beyond its items. */
export type ConversationKind =
  /** With one other member. */
  | { kind: 'direct'; peer: Contact }
  /** The member's own notes. */
  | { kind: 'notes'; peer: Contact }
  | {
      kind: 'group';
      /** Empty until somebody named it: the UI then names its members. */
      name: string;
      /** Id of the group that this one continues, where that is shown too. */
      continues?: string;
      /** Id of the group that continues this one, where this member is in it. A group that is continued is read-only. */
      continuedBy?: string;
      /** This member left, or the others went on without it. Read-only then. */
      ended?: 'left' | 'removed';
    };

/** A file on its way out. */
export interface UploadItem {
  id: string;
  name: string;
  size: number;
  media: Media;
  /** Of all that goes to all recipients: bytes that the relay has, bytes in all. */
  sent: number;
  total: number;
  /**
   * `preparing`: being sealed, still needs the original. `sending`: the original is no longer needed. `paused` by this member. `unfinished`: the page was
   * reloaded before all was sealed; give the same file again with `Actions.resumeUpload`. `failed`: see `fault`; resume tries again.
   */
  phase: 'preparing' | 'sending' | 'paused' | 'unfinished' | 'failed';
  fault?: Fault;
}

/** One conversation with its items in causal order. */
export type Conversation = ConversationKind & {
  id: string;
  /** Everyone in it, this member included, by number. */
  members: Contact[];
  items: Item[];
  unread: number;
  /** Key of the first unread message when the conversation was last opened, for the mark above it. */
  firstUnread?: string;
  /** Whether something can be written here now. */
  canWrite: boolean;
  /** Files on their way out, oldest first. */
  uploads: UploadItem[];
};

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
}

/** All that the UI shows. */
export interface AppState {
  identity: IdentityPhase;
  self?: Contact;
  /** Every member of the current roster but this one, by number. */
  contacts: Contact[];
  connection: Connection;
  /** The first listing of the mailbox and its messages are in. */
  loaded: boolean;
  /** Blobs read of those listed first, while `loaded` is false. */
  loading?: { read: number; total: number };
  /** By conversation id; direct conversations exist for every contact, empty or not, and one for notes to oneself. Groups that were continued are among them. */
  conversations: Conversation[];
  /** Messages that are sealed and not yet acknowledged by the relay. */
  outboxCount: number;
  /** The outbox cannot be kept over a reload. */
  storageFault?: Fault;
  notices: Notice[];
  roster: RosterState;
  settings: Settings;
  /** This member was away for longer than messages live, since that time; so some may have expired unseen. Until dismissed. */
  absentSince?: number;
}

/** How a message is sent. */
export interface SendOptions {
  /** Key of the message that this one answers. */
  reply?: string;
}

/** Where a saved file goes: the writable end of a file on disk (a `FileSystemWritableFileStream` is one). */
export interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Everything was written and checked: keep it. */
  close(): Promise<void>;
  /** Keep nothing of it. */
  abort(): Promise<void>;
}

/** What the UI may ask. None of these throws: faults appear in the state, or are returned. */
export interface Actions {
  /** Opens an identity file; with a passphrase when `identity.phase` is `passphrase` (the file need not be given again). */
  openIdentity(input: { file?: Uint8Array; passphrase?: string }): Promise<void>;
  /** Forgets the identity and everything decrypted; the outbox stays, as ciphertext. */
  lock(): Promise<void>;

  /**
   * Sends a text to a conversation.
   * @returns a fault when it was not taken (empty, too long, read-only); the text then stays in the composer
   */
  sendText(conversationId: string, text: string, options?: SendOptions): Promise<Fault | undefined>;
  /** Changes the text of an own message, for everyone. */
  editText(messageKey: string, text: string): Promise<Fault | undefined>;
  /** Reacts to a message, in place of an earlier reaction; `undefined` takes it back. */
  react(messageKey: string, emoji: string | undefined): Promise<Fault | undefined>;
  /** Deletes an own message at the relay and tells everyone; chunks of a file too. */
  deleteForEveryone(messageKey: string): Promise<Fault | undefined>;
  /** Deletes a message from this member's own mailbox and sight, in every window and browser. */
  deleteForMe(messageKey: string): Promise<Fault | undefined>;
  /** Seals what failed again and sends it. */
  retry(messageKey: string): Promise<void>;
  /** Removes a failed message that never reached the relay. */
  discard(messageKey: string): Promise<void>;
  /** Everything in the conversation has been seen. */
  markRead(conversationId: string): void;

  /**
   * What the relay has room for, asked before anything is sent.
   * @param sizes of the files
   * @returns a fault with figures when they do not fit, else undefined
   */
  checkRoom(conversationId: string, sizes: readonly number[]): Promise<Fault | undefined>;
  /**
   * Begins to send a file; its progress shows in the conversation's `uploads`, and its message when all is at the relay.
   * @returns a fault when it was not taken, with figures where the relay has no room
   */
  sendFile(
    conversationId: string,
    file: Blob,
    about: { name: string; type: string },
    options?: SendOptions,
  ): Promise<Fault | undefined>;
  pauseUpload(uploadId: string): void;
  /**
   * Goes on with an upload that was paused or failed; with the same file again where it is `unfinished`.
   * @returns a fault when it is another file
   */
  resumeUpload(uploadId: string, file?: Blob): Promise<Fault | undefined>;
  /** Ends an upload, and deletes at the relay what had arrived. */
  cancelUpload(uploadId: string): Promise<void>;

  /** Loads the file of a message into memory, to show it; see `FileItem.progress`. */
  openFile(messageKey: string): Promise<void>;
  /** Loads the file of a message into a sink, as a stream with bounded memory, and checks it. */
  saveFile(messageKey: string, sink: FileSink): Promise<void>;
  pauseDownload(messageKey: string): void;
  resumeDownload(messageKey: string): void;
  /** Ends a download; what was in memory is forgotten. */
  cancelDownload(messageKey: string): Promise<void>;

  /**
   * Makes a group of this member and the named ones.
   * @param name may be empty
   * @returns its conversation id, or a fault
   */
  createGroup(name: string, memberIds: readonly string[]): Promise<{ id: string } | { fault: Fault }>;
  renameGroup(conversationId: string, name: string): Promise<Fault | undefined>;
  /** Goes on with other members, in a new group that names this one. */
  changeMembers(
    conversationId: string,
    memberIds: readonly string[],
  ): Promise<{ id: string } | { fault: Fault }>;
  leaveGroup(conversationId: string): Promise<Fault | undefined>;

  /** A name of one's own for a contact; empty removes it. */
  setNickname(contactId: string, nickname: string): void;
  setVerified(contactId: string, verified: boolean): void;
  changeSettings(change: Partial<Settings>): void;

  /**
   * Makes a new identity file that includes the roster in use.
   * @param passphrase wraps it, where one is given
   * @returns the file's bytes, or a fault
   */
  makeIdentityFile(passphrase?: string): Promise<{ file: Uint8Array<ArrayBuffer> } | { fault: Fault }>;
  /** Asks the relay for a roster update now. */
  fetchRoster(): Promise<void>;
  dismissRosterNews(): void;
  dismissAbsence(): void;

  /** Ends all sessions of this member, empties its mailbox and this machine's store, and locks. */
  panic(): Promise<Fault | undefined>;

  /** Tries to connect now instead of at `retryAt`. */
  reconnect(): void;
  /** Removes a notice. */
  dismissNotice(key: string): void;
}
