/**
 * What the state layer shows to the UI, and what the UI may ask of it. Components read an {@link AppState} and call
 * {@link Actions}; they neither fetch nor decrypt. Ids are opaque texts.
 */

/** A fault in words for a person, with its closed code (SPEC.md §17). */
export interface Fault {
  code: string;
  message: string;
}

/** A member of the circle. */
export interface Contact {
  /** Hexadecimal key hash. */
  id: string;
  /** Number in the roster, from 1. */
  number: number;
  label: string;
  /** The key hash in eight groups of four hexadecimal digits, to compare in person. */
  fingerprint: string;
  isSelf: boolean;
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

/** How far an own message got. */
export type Delivery = 'waiting' | 'sent' | 'failed';

/** A message in a conversation. */
export interface MessageItem {
  type: 'message';
  key: string;
  author: Contact;
  own: boolean;
  /** The writer's clock, milliseconds from the Unix epoch. */
  at: number;
  /** `text`: `text` is there, or undefined while a long text is loading. `unsupported`: a kind this client does not know. */
  kind: 'text' | 'unsupported';
  text?: string;
  /** Why the text of a long message cannot be shown. */
  fault?: Fault;
  /** The kind as it was named by its writer. */
  kindName: string;
  /** Only for own messages. */
  delivery?: Delivery;
  /** Why delivery failed; or, while it waits, why it could not leave when it was tried last. */
  deliveryFault?: Fault;
  /** Two different records claim the same place: the writer, or somebody with its key, told different things. */
  equivocates: boolean;
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

/** One conversation with its items in causal order. */
export interface Conversation {
  id: string;
  /** The other member; the member itself for its notes. */
  peer: Contact;
  items: (MessageItem | GapItem)[];
  unread: number;
}

/** A blob that was refused, so that nothing disappears in silence. */
export interface Notice {
  key: string;
  /** The member whose name the blob bears, where it bears one. */
  from?: Contact;
  fault: Fault;
}

/** All that the UI shows. */
export interface AppState {
  identity: IdentityPhase;
  self?: Contact;
  /** Every member but this one, by number. */
  contacts: Contact[];
  connection: Connection;
  /** The first listing of the mailbox and its messages are in. */
  loaded: boolean;
  /** By conversation id; direct conversations exist for every contact, empty or not, and one for notes to oneself. */
  conversations: Conversation[];
  /** Messages that are sealed and not yet acknowledged by the relay. */
  outboxCount: number;
  /** The outbox cannot be kept over a reload. */
  storageFault?: Fault;
  notices: Notice[];
}

/** What the UI may ask. None of these throws: faults appear in the state. */
export interface Actions {
  /** Opens an identity file; with a passphrase when `identity.phase` is `passphrase` (the file need not be given again). */
  openIdentity(input: { file?: Uint8Array; passphrase?: string }): Promise<void>;
  /** Forgets the identity and everything decrypted; the outbox stays, as ciphertext. */
  lock(): Promise<void>;
  /**
   * Sends a text to a conversation.
   * @returns a fault when it was not taken (empty, too long); the text then stays in the composer
   */
  sendText(conversationId: string, text: string): Promise<Fault | undefined>;
  /** Seals a failed message again and sends it. */
  retry(messageKey: string): Promise<void>;
  /** Removes a failed message that never reached the relay. */
  discard(messageKey: string): Promise<void>;
  /** Tries to connect now instead of at `retryAt`. */
  reconnect(): void;
  /** Everything in the conversation has been seen. */
  markRead(conversationId: string): void;
  /** Removes a notice. */
  dismissNotice(key: string): void;
}
